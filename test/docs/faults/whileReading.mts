import { setTimeout as sleep } from 'node:timers/promises';

import { Bitrix24QueueTrigger } from '../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { startTrigger } from '../../integration/support/startTrigger.mjs';
import { leadsOf } from '../../integration/support/useQueue.mjs';
import type { Told, World } from './inWorld.mjs';
import { inWorld } from './inWorld.mjs';
import type { Event, Outcome, Strike } from './setting.mjs';

/** How a queue is read, and what goes wrong meanwhile. */
export interface Reading {
	call: string;
	strike: Strike;
	/** Whether it goes wrong until it is reported, 17 minutes at most, instead of once. */
	isLasting: boolean;
	/** Whether the portal answers a first reading with a web page besides, so that the queue is made ready again. */
	isAfterOutage?: boolean;
	acknowledge?: 'afterSuccess' | 'onReceipt';
}

const minute = 60_000;
// What is asked for again and again is reported after some 12, and what is not heard of at all after more than half an
// hour: in between nothing depends on a moment.
const lastsFor = 17 * minute;
const patience = 60 * minute;

/** Reads a queue while a call goes wrong, until everything is settled. */
export async function whileReading(reading: Reading): Promise<Outcome> {
	const { call, strike, isLasting, isAfterOutage = false, acknowledge = 'afterSuccess' } = reading;
	const parameters = { execution: 'perEvent', acknowledge, options: { maxAttempts: 1 } };
	return await inWorld(new Bitrix24QueueTrigger(), parameters, async (world) => {
		const { portal, n8n, told } = world;
		const runs = new Map<number, number>();
		let bad = 0;
		const { failures, close } = await startTrigger(n8n, (items) => {
			const [lead = 0] = leadsOf(items);
			runs.set(lead, (runs.get(lead) ?? 0) + 1);
			return lead === bad ? 'error' : 'success';
		});
		const looks = () => portal.calls.filter(({ method }) => method === 'event.offline.get').length;
		const isSettled = () => (acknowledge === 'onReceipt' ? ownRecords(world).length === 0 : isOneAside(world));
		try {
			await until(() => looks() > 0);
			if (call === 'oauth.token') portal.expireAccessTokens();
			const undo = await strike(world);
			if (isAfterOutage) portal.faults.next('event.offline.get', 'html');
			const leads = [1, 2].map(() => Number(portal.leads.add().ID));
			[bad = 0] = leads;
			portal.leads.delete(leads);
			const begun = Date.now();
			if (isLasting) await until(() => failures.length > 0 || Date.now() - begun >= lastsFor);
			else await until(isSettled);
			const events = told().flatMap(asEvent);
			undo();
			const hasRecovered = await until(isSettled);
			const before = looks();
			await until(() => looks() > before + 1);
			const counts = leads.map((lead) => runs.get(lead) ?? 0);
			const failed = events.filter(([what]) => what === failedExecution);
			if (failures.length !== failed.length) throw new Error(`${call}: what is logged is not what is saved`);
			const end = isLasting && events.length > 0 ? 'recovered when it is over' : 'recovered';
			return {
				story: [...events, [hasRecovered ? end : 'the same again when it is over']],
				portal: hasRecovered || ownRecords(world).length < 2 ? howOften(counts) : 'the events wait',
				isRecovered: failed.length === 0 && hasRecovered,
			};
		} finally {
			await close();
		}
	});
}

const failedExecution = 'a failed execution';

/** What was told meanwhile, as people come across it. That one event was put aside is as it should be. */
function asEvent({ level, text }: Told): Event[] {
	if (text.includes('aside: the workflow did not succeed with it')) return [];
	return [
		level === 'error'
			? [failedExecution, text.replace(/^Bitrix24 Queue Trigger in workflow \S+: /, '')]
			: ['logged', text],
	];
}

function ownRecords({ portal, n8n, node }: World) {
	return portal.queue.records(`n8n_${n8n.workflow.load().id}_${node.id}`);
}

/** What was confirmed is gone, and what failed is put aside. */
function isOneAside(world: World): boolean {
	const records = ownRecords(world);
	return records.length === 1 && records.every(({ ERROR, PROCESS_ID }) => ERROR === '1' && PROCESS_ID === '');
}

function howOften(runs: number[]): string {
	const most = Math.max(...runs);
	if (Math.min(...runs) === 0) return 'an event never ran';
	if (most === 1) return 'each event ran once';
	return most === 2 ? 'an event ran twice' : 'an event ran again and again';
}

/** Waits for something, for an hour by the clock. @returns whether it came */
async function until(look: () => boolean): Promise<boolean> {
	const begun = Date.now();
	while (!look()) {
		if (Date.now() - begun > patience) return false;
		await sleep(1);
	}
	return true;
}
