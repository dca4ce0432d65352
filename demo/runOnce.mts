import { TRIGGER } from './exampleWorkflow.mjs';
import { explainSilence } from './explainSilence.mjs';
import type { Demo } from './openDemo.mjs';
import type { Steps } from './Steps.mjs';
import { waitForToken } from './waitForToken.mjs';

/** How long a delivery may take: Bitrix24 itself needs a few seconds. */
const PATIENCE_MS = 30_000;

/**
 * Deletes a lead and waits for the workflow to run.
 *
 * @param withoutDelivery loses the portal's deliveries first
 * @returns the item that the trigger put out
 * @throws in plain words, saying how far the event came
 */
export async function runOnce(
	{ portal, client, workflow }: Demo,
	steps: Steps,
	{ withoutDelivery }: { withoutDelivery: boolean },
): Promise<Record<string, unknown>> {
	await steps.run(
		'Waiting until the trigger knows the application token',
		async () => await waitForToken(portal, PATIENCE_MS),
		() => 'The trigger knows the application token',
	);
	if (withoutDelivery) portal.faults.deliveries = 'lost';

	const lead = portal.leads.list()[0];
	if (lead === undefined) throw new Error('The simulated portal has no lead to delete');
	const before = portal.deliveries.length;
	portal.leads.delete(lead.ID);

	return await steps.run(
		`Lead ${lead.ID} is deleted: waiting for the workflow`,
		async () => {
			const executions = await client.waitForExecutions(workflow.id, 1, PATIENCE_MS).catch(() => []);
			const execution = executions[0];
			if (execution === undefined) {
				throw new Error(
					explainSilence({
						leadId: lead.ID,
						seconds: PATIENCE_MS / 1000,
						deliveries: portal.deliveries.slice(before),
						handlers: portal.handlers(),
						deliveryIsOff: portal.faults.deliveries === 'lost',
					}),
				);
			}
			const item = execution.itemsOf(TRIGGER)[0];
			if (execution.status !== 'success' || item === undefined) {
				throw new Error(
					`The workflow ran, but ended as "${execution.status}": ${execution.error ?? 'no item came out'}`,
				);
			}
			return item;
		},
		() => `Lead ${lead.ID} was deleted on the portal, and the workflow has run`,
	);
}
