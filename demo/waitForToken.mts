import { setTimeout as sleep } from 'node:timers/promises';

import type { Simulator } from '../simulator/index.mjs';

const POLL_MS = 50;

/**
 * Waits until the trigger has learned the application token: until it has unbound the handler by which the portal
 * brings it. Events before that are accepted too, if they prove themselves in another way.
 *
 * @throws when it has not come within `patienceMs`
 */
export async function waitForToken(portal: Simulator, patienceMs: number): Promise<void> {
	const deadline = Date.now() + patienceMs;
	while (portal.handlers().some(({ event }) => event === 'ONAPPTEST')) {
		if (Date.now() > deadline) {
			throw new Error(
				`The workflow is active, but the portal has not brought it the application token within ${patienceMs / 1000} seconds`,
			);
		}
		await sleep(POLL_MS);
	}
}
