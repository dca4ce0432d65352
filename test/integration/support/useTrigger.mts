import type { INodeType } from 'n8n-workflow';

import { processState } from '../../../nodes/Bitrix24/n8n/processState.js';
import { Bitrix24Trigger } from '../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import type { Forgery, Simulator, SimulatorOptions } from '../../../simulator/index.mjs';
import { startSimulator } from '../../../simulator/index.mjs';
import { type Answer, post } from '../../e2e/support/post.mjs';
import { type N8nOptions, type OpenN8n, openN8n } from './openN8n.mjs';

/** What a test starts with; everything has a default. */
export interface TriggerOptions extends Omit<N8nOptions, 'nodeType' | 'portal'> {
	/** Default: Bitrix24 Trigger, from its source. */
	nodeType?: INodeType;
	/** A portal that is there already, or what a new one starts with. */
	portal?: Simulator | SimulatorOptions;
}

/** A small n8n with one Bitrix24 Trigger, not active yet, beside a simulated portal. */
export interface TriggerWorld extends OpenN8n {
	portal: Simulator;
	/** Its production URL. */
	url: string;
	/** The codes that the portal has bound at a URL, in alphabetical order; by default at the production URL. */
	bound(url?: string): string[];
	/** Activates the workflow, and waits until the portal has said what it has to say to that. */
	activate(): Promise<void>;
	/** Settles when no delivery is under way and none is being worked on. */
	settled(): Promise<void>;
	/** Posts a delivery to a URL of n8n's as the portal's queue server would, and waits until it is worked on. */
	receive(delivery: Omit<Forgery, 'url'>, url?: string): Promise<Answer>;
}

// These tests are faster than people are: the portal's rate limit has tests of its own.
const unhurried = { perSecond: 1e6, burst: 1e6 };

/**
 * Opens triggers for the tests of a file, and closes them after each test, whatever came of it: a server that stayed open
 * would keep jest from ending.
 */
export function useTrigger(): (options?: TriggerOptions) => Promise<TriggerWorld> {
	// Whatever takes long here takes long because of the machine.
	jest.setTimeout(30_000);
	const closing: Array<() => Promise<void>> = [];
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close();
	});
	return async ({ portal: wanted = {}, nodeType = new Bitrix24Trigger(), ...options } = {}) => {
		const portal = 'stop' in wanted ? wanted : await startSimulator({ rate: unhurried, deliveryDelay: 0, ...wanted });
		closing.push(async () => await portal.stop());
		const opened = await openN8n({ nodeType, portal, ...options });
		closing.push(opened.close);
		return { ...opened, portal, ...actions(opened, portal) };
	};
}

function actions({ n8n, idle }: OpenN8n, portal: Simulator): Omit<TriggerWorld, 'portal' | keyof OpenN8n> {
	const url = n8n.webhookUrl();
	async function settled(): Promise<void> {
		await portal.idle();
		await idle();
		await n8n.requestsDone();
		for (const { unbinding } of processState.tokenWatches.values()) await unbinding;
	}
	return {
		url,
		settled,
		bound(at = url) {
			const rows = portal.handlers().filter((row) => row.offline === 0 && row.handler === at);
			return rows.map(({ event }) => event).sort();
		},
		async activate() {
			await n8n.activate();
			await settled();
		},
		async receive(delivery, at = url) {
			const answer = await post(portal, { ...delivery, url: at });
			await settled();
			return answer;
		},
	};
}
