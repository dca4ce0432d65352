import type { IDataObject } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import type { OfflineRecord, Simulator } from '../../../simulator/index.mjs';
import { startSimulator } from '../../../simulator/index.mjs';
import { clientFor } from '../../simulator/client.mjs';
import { eventually } from './eventually.mjs';
import { type OpenN8n, openN8n } from './openN8n.mjs';
import { type Run, type RunningTrigger, startTrigger } from './startTrigger.mjs';
import { useHurry } from './useHurry.mjs';
import type { TriggerOptions } from './useTrigger.mjs';

/** A small n8n with one Bitrix24 Queue Trigger, not active yet, beside a simulated portal. */
export interface QueueWorld extends OpenN8n {
	portal: Simulator;
	/** The name that its queue has by default. */
	queueName: string;
	/** What lies in a queue, reserved or not; by default its own. */
	records(queueName?: string): OfflineRecord[];
	/** The codes that the portal collects in a queue, in alphabetical order; by default its own. */
	collected(queueName?: string): string[];
	/** Lets the portal collect the selected events, as after an activation in the past. */
	collect(): Promise<void>;
	/** Deletes so many new leads, and returns their ids. */
	deleteLeads(count: number): number[];
	/** Activates the workflow; it is closed at the end of the test. */
	start(run?: Run): Promise<RunningTrigger>;
	/** Waits until the workflow that was activated last has looked at the queue. */
	checked(): Promise<void>;
}

/**
 * Opens queue triggers for the tests of a file, and closes them after each test, whatever came of it. Time runs a
 * hundred times faster there, for the portal too.
 */
export function useQueue(): (options?: TriggerOptions) => Promise<QueueWorld> {
	jest.setTimeout(30_000);
	useHurry({ clock: true });
	const closing: Array<() => Promise<void>> = [];
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close();
	});
	return async ({ portal: wanted = {}, nodeType = new Bitrix24QueueTrigger(), parameters = {}, ...options } = {}) => {
		const portal = 'stop' in wanted ? wanted : await startSimulator({ deliveryDelay: 0, ...wanted });
		closing.push(async () => await portal.stop());
		const opened = await openN8n({ nodeType, portal, parameters: { checkEvery: 5, ...parameters }, ...options });
		closing.push(opened.close);
		const looks = () => portal.calls.filter(({ method }) => method === 'event.offline.get').length;
		let before = 0;
		const start = async (run?: Run) => {
			before = looks();
			const running = await startTrigger(opened.n8n, run);
			closing.push(async () => {
				await running.close();
				running.callOff();
			});
			return running;
		};
		const checked = async () => await eventually('it has looked at the queue', () => looks() > before);
		return { ...opened, portal, start, checked, ...queueOf(opened, portal) };
	};
}

function queueOf({ n8n, node }: OpenN8n, portal: Simulator) {
	const queueName = `n8n_${n8n.workflow.load().id}_${node.id}`;
	return {
		queueName,
		records: (name = queueName) => portal.queue.records(name),
		collected: (name = queueName) =>
			portal
				.handlers()
				.flatMap((row) => (row.offline === 1 && row.connector_id === name ? [row.event] : []))
				.sort(),
		async collect() {
			const bind = clientFor(portal);
			const { queueName: chosen = queueName } = Object(node.parameters.options);
			const queue = portal.plan.authConnector ? { auth_connector: chosen } : {};
			for (const event of [node.parameters.events ?? 'ONCRMLEADDELETE'].flat()) {
				await bind('event.bind', { event, event_type: 'offline', ...queue });
			}
		},
		deleteLeads(count: number) {
			const ids = Array.from({ length: count }, () => Number(portal.leads.add().ID));
			portal.leads.delete(ids);
			return ids;
		},
	};
}

/** The leads that items are about, in their order. */
export function leadsOf(items: IDataObject[]): number[] {
	return items.map(({ leadId }) => Number(leadId));
}
