import type { INodeParameters, INodeType } from 'n8n-workflow';

import type { Simulator } from '../../../simulator/index.mjs';
import { startSimulator } from '../../../simulator/index.mjs';
import { type OpenN8n, openN8n } from '../../integration/support/openN8n.mjs';
import { asOnThePage } from '../troubleshootingPage.mjs';
import type { Clock } from './skipWaits.mjs';
import { skipWaits } from './skipWaits.mjs';

/** What was logged for people to read. */
export interface Told {
	level: string;
	text: string;
}

/** A small n8n with one trigger beside a simulated portal, on which others have handlers too. */
export interface World extends OpenN8n {
	portal: Simulator;
	clock: Clock;
	/** The codes that are bound for the trigger, in alphabetical order. */
	bound(): string[];
	/** Whether what others have bound is as it was. */
	areOthersUntouched(): boolean;
	/** What was logged for people to read, as the page shows it. */
	told(): Told[];
	/** Settles when no delivery is under way and none is being worked on. */
	settled(): Promise<void>;
}

// Nothing listens there.
const elsewhere = 'http://127.0.0.1:1/';

/** Runs work in a world of its own, by a clock that nobody waits for, and closes it whatever comes of it. */
export async function inWorld<T>(
	nodeType: INodeType,
	parameters: INodeParameters,
	work: (world: World) => Promise<T>,
): Promise<T> {
	const clock = skipWaits();
	const portal = await startSimulator({ deliveryDelay: 0 });
	const opened = await openN8n({ nodeType, portal, parameters: { events: ['ONCRMLEADDELETE'], ...parameters } });
	try {
		portal.bindForOtherApp('ONCRMLEADDELETE', elsewhere);
		await bindElsewhere(portal, { handler: elsewhere });
		await bindElsewhere(portal, { event_type: 'offline', auth_connector: 'another workflow' });
		const addresses = { [portal.portalUrl]: 'https://your-company.bitrix24.com' };
		const others = JSON.stringify(portal.handlers());
		const ours = portal.handlers().length;
		return await work({
			...opened,
			portal,
			clock,
			bound: () =>
				portal
					.handlers()
					.slice(ours)
					.map(({ event }) => event)
					.sort(),
			areOthersUntouched: () => JSON.stringify(portal.handlers().slice(0, ours)) === others,
			told: () =>
				opened.n8n.log
					.filter((line) => /^(?:warn|error): /.test(line))
					.map((line) => ({ level: line.split(':', 1)[0] ?? '', text: asOnThePage(line, addresses) })),
			async settled() {
				await portal.idle();
				await opened.idle();
			},
		});
	} finally {
		clock.undo();
		await opened.close();
		await portal.stop();
	}
}

/** Binds a handler of the same app at another place. */
async function bindElsewhere(portal: Simulator, place: Record<string, string>): Promise<void> {
	const answer = await fetch(`${portal.portalUrl}/rest/event.bind.json`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ auth: portal.issueTokens().accessToken, event: 'ONCRMLEADDELETE', ...place }),
	});
	if (!answer.ok) throw new Error(`The portal refuses a handler of somebody else: ${await answer.text()}`);
}
