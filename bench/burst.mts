import { setTimeout as sleep } from 'node:timers/promises';

import { Trigger } from '../test/e2e/support/Trigger.mjs';
import { until } from '../test/e2e/support/until.mjs';
import { type World } from '../test/e2e/support/world.mjs';
import { withRealN8n } from './realN8n.mjs';
import { type Part, target } from './report.mjs';

const portal = { rate: { perSecond: 2, burst: 50 } };

/** What it takes of n8n and of the portal to look up the records of a burst of deliveries. */
export const burst: Part = {
	name: 'burst',
	async run({ quick }) {
		const count = quick ? 60 : 1000;
		const runs: Array<Awaited<ReturnType<typeof receive>>> = [];
		for (const includeRecord of [false, true]) {
			const env = { N8N_METRICS: 'true' };
			runs.push(await withRealN8n({ portal, env }, async (world) => await receive(world, count, includeRecord)));
		}
		const { lookUps, seconds, own } = runs[1] ?? { lookUps: NaN, seconds: NaN, own: NaN };
		return {
			tables: {
				[`${count} leads changed at once, each delivered to a Bitrix24 Trigger`]: [
					['', 'Answered 200', 'Succeeded', 'With their own record', 'Look-ups', 'Seconds', "n8n's memory, peak (MB)"],
					...runs.map(({ includeRecord, accepted, succeeded, own, lookUps, seconds, peak }) => [
						includeRecord ? 'Include Record' : 'Without',
						...[accepted, succeeded, own, lookUps].map(String),
						...[seconds, peak].map((figure) => figure.toFixed(0)),
					]),
				],
			},
			targets: [
				target('Deliveries of a burst that bring their own record', `all ${count}`, String(own), own === count),
				target('Calls for them', 'at most 40', String(lookUps), lookUps <= 40),
				target('From the first to the end of the last run', 'at most 90 s', `${seconds.toFixed(0)} s`, seconds <= 90),
			],
		};
	},
};

/** Has a portal deliver changes of so many leads, as fast as n8n answers, and waits for the runs. */
async function receive(world: World, count: number, includeRecord: boolean) {
	const { client, n8n, portal } = world;
	const ids = Array.from({ length: count }, (_, index) => String(index + 1));
	portal.leads.import(ids.map((ID) => ({ ID, TITLE: `Lead ${ID}` })));
	const trigger = await Trigger.active(world, {
		parameters: { events: ['ONCRMLEADUPDATE'], options: { includeRecord } },
	});
	// What getting ready has used of the portal's rate is given back first.
	await sleep(10_000);
	[portal.deliveries.length, portal.rateLimited] = [0, 0];
	portal.clearCalls();
	const begin = performance.now();
	const watch = { isOver: false, peak: 0 };
	const watching = (async () => {
		while (!watch.isOver) {
			watch.peak = Math.max(watch.peak, await residentMegabytes(n8n.url));
			await sleep(500);
		}
	})();
	for (const ID of ids) portal.fire('ONCRMLEADUPDATE', { FIELDS: { ID } });
	const ended = async (status: string[]) => await client.countExecutions(trigger.id, status);
	await portal.idle();
	await until('every run has ended', async () => (await ended(['new', 'running'])) === 0, 600_000, 500);
	const seconds = (performance.now() - begin) / 1000;
	watch.isOver = true;
	await watching;
	if (portal.rateLimited > 0) throw new Error('The portal was called faster than it allows');
	const accepted = portal.deliveries.filter(({ status }) => status === 200).length;
	const lookUps = portal.calls.filter(({ method }) => method === 'crm.item.list').length;
	const items = await trigger.items(0);
	const own = new Set(items.flatMap(({ leadId, record }) => (isOwn(leadId, record) ? [leadId] : []))).size;
	const succeeded = await ended(['success']);
	await trigger.deactivate();
	return { includeRecord, accepted, succeeded, own, lookUps, seconds, peak: watch.peak };
}

const isOwn = (id: unknown, record: unknown) => Object(record).title === `Lead ${String(id)}`;

async function residentMegabytes(url: string): Promise<number> {
	const text = await (await fetch(`${url}/metrics`)).text();
	return Number(/^\w*process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
}
