import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '../../test/e2e/support/until.mjs';
import type { World } from '../../test/e2e/support/world.mjs';

const patienceMs = 300_000;

/** Waits until no execution of a workflow is under way. */
export async function quiet({ client }: World, workflowId: string): Promise<void> {
	await until(
		'n8n has run everything',
		async () => {
			for (const status of ['new', 'running']) {
				if ((await client.executions(workflowId, { status })).length > 0) return await sleep(200, false);
			}
			return true;
		},
		patienceMs,
	);
}
