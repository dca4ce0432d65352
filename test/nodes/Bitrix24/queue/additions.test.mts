import { getEventListeners } from 'node:events';

import type { LookupKind, PortalRecord } from '../../../../nodes/Bitrix24/api/recordLookup.js';
import type { OfflineRecord } from '../../../../nodes/Bitrix24/event/queueItem.js';
import type { LookedUp, LookUp } from '../../../../nodes/Bitrix24/n8n/lookups.js';
import { createAdditions, itemsWith } from '../../../../nodes/Bitrix24/queue/additions.js';

const none: string[] = [];
const everything = { includeRecord: true, includeUser: true, recordFields: none };

function record(id: string, more: Partial<OfflineRecord> = {}): OfflineRecord {
	return {
		ID: id,
		TIMESTAMP_X: '2025-03-24T09:06:39+00:00',
		EVENT_NAME: 'ONCRMLEADUPDATE',
		EVENT_DATA: { FIELDS: { ID: 100 + Number(id) } },
		EVENT_ADDITIONAL: { user_id: '7' },
		MESSAGE_ID: `message-${id}`,
		...more,
	};
}

const deal = record('2', { EVENT_NAME: 'ONCRMDEALADD', EVENT_ADDITIONAL: [] });
const deleted = record('3', {
	EVENT_NAME: 'ONCRMLEADDELETE',
	EVENT_DATA: false,
	EVENT_ADDITIONAL: { user_id: 'robot' },
});

/** Look-ups of a portal that knows everybody and everything, but what a test says. */
function portal(answers: Partial<Record<LookupKind, LookedUp>> = {}) {
	const asked: Array<[kind: LookupKind, ids: readonly string[], keepTrying: boolean]> = [];
	const lookUp: LookUp = async (kind, ids, { keepTrying }) => {
		asked.push([kind, ids, keepTrying]);
		const found = (id: string): PortalRecord =>
			kind === 'user' ? { NAME: ' Ann ', LAST_NAME: 'Archer' } : { id, kind };
		return answers[kind] ?? { records: new Map(ids.map((id) => [id, found(id)])), failure: null };
	};
	return { lookUp, asked };
}

function adding(settings: Partial<typeof everything> = {}) {
	const warnings: string[] = [];
	const node = new AbortController();
	const clock = { now: 1_000_000_000 };
	const log = { info: () => undefined, warn: (line: string) => void warnings.push(line), report: () => undefined };
	const context = { settings: { ...everything, ...settings }, signal: node.signal, log, now: () => clock.now };
	return { addTo: createAdditions(context), warnings, node, clock };
}

const away = { status: 503, code: 'OVERLOAD_LIMIT', description: '' };
const unanswered: LookedUp = { records: new Map(), failure: away };

describe('createAdditions', () => {
	it('looks up what each record is about and who did it, each kind by itself and each id once', async () => {
		const { lookUp, asked } = portal();
		const again = record('4', { EVENT_DATA: { FIELDS: { ID: 101 } } });
		const additions = await adding().addTo([record('1'), deal, deleted, again], lookUp, false);
		const named = { userName: 'Ann Archer', userIsAdmin: null };
		expect([...additions]).toEqual([
			['1', { ...named, record: { id: '101', kind: 1 } }],
			['2', { userName: null, userIsAdmin: null, record: { id: '102', kind: 2 } }],
			['3', { userName: null, userIsAdmin: null, record: null }],
			['4', { ...named, record: { id: '101', kind: 1 } }],
		]);
		expect(asked).toEqual([
			[1, ['101'], false],
			['user', ['7'], false],
			[2, ['102'], false],
		]);
	});

	it.each([
		[{ includeRecord: false }, { userName: 'Ann Archer', userIsAdmin: null }, 1],
		[{ includeUser: false, recordFields: ['id'] }, { record: { id: '101' } }, 1],
		[{ includeRecord: false, includeUser: false }, {}, 0],
	])('adds nothing that was not chosen: %j', async (settings, added, calls) => {
		const { lookUp, asked } = portal();
		expect([...(await adding(settings).addTo([record('1')], lookUp, false))]).toEqual([['1', added]]);
		expect(asked).toHaveLength(calls);
	});

	it.each([
		['a record that cannot be read', { 1: { records: new Map([['101', null]]), failure: null } }, { record: null }],
		['nobody', { user: { records: new Map([['7', null]]), failure: null } }, { userName: null }],
		[
			'somebody without a name',
			{ user: { records: new Map([['7', { NAME: '' }]]), failure: null } },
			{ userName: null },
		],
	])('adds null for %s', async (_, answers, added) => {
		const { lookUp } = portal(answers);
		expect((await adding().addTo([record('1')], lookUp, false)).get('1')).toMatchObject(added);
	});

	it('lets wait what could not be looked up, holds up nothing else, and says so once an hour', async () => {
		const { lookUp } = portal({ 1: unanswered });
		const { addTo, warnings, clock } = adding();
		for (const pause of [0, 3_590_000, 20_000]) {
			clock.now += pause;
			expect([...(await addTo([record('1'), deal], lookUp, false)).keys()]).toEqual(['2']);
		}
		expect(warnings).toHaveLength(2);
		expect(warnings[0]).toMatch(
			/^what 1 of the events are to hold could not be looked up\. They wait in the queue\. Bitrix24 has blocked REST calls/,
		);
	});

	it('says nothing of a node that closes meanwhile', async () => {
		const { addTo, warnings, node } = adding();
		const { lookUp } = portal({ 1: { records: new Map(), failure: null } });
		await addTo([record('1')], lookUp, false);
		node.abort();
		await addTo([record('1')], lookUp, false);
		expect(warnings).toEqual(['what 1 of the events are to hold could not be looked up. They wait in the queue.']);
	});

	it('goes without on the last chance', async () => {
		const { lookUp, asked } = portal({ 1: unanswered });
		const { addTo, warnings } = adding();
		expect([...(await addTo([record('1'), deal], lookUp, true))]).toEqual([
			['1', { userName: 'Ann Archer', userIsAdmin: null, record: null }],
			['2', { userName: null, userIsAdmin: null, record: { id: '102', kind: 2 } }],
		]);
		expect(asked[0]).toEqual([1, ['101'], true]);
		expect(warnings).toEqual([expect.stringMatching(/could not be looked up\. They go without\./)]);
	});
});

it.each([true, false])('items hold what was looked up for them (simplified: %p)', (simplify) => {
	const info = { memberId: 'x', endpoint: null, status: 'L' };
	const added = new Map([['2', { record: { id: 102 } }]]);
	const items = itemsWith(added, [record('1'), deal], info, simplify);
	expect(items).toEqual([
		expect.not.objectContaining({ record: expect.anything() }),
		expect.objectContaining({ record: { id: 102 } }),
	]);
});

it('looks the record of a large event up, too: the portal is no hostile sender', async () => {
	const FIELDS = { ID: 101, LIST: Array.from({ length: 20_000 }, (_, index) => index) };
	const { addTo } = adding();
	const added = await addTo([record('1', { EVENT_DATA: { FIELDS } })], portal().lookUp, false);
	expect(added.get('1')).toMatchObject({ record: { id: '101' } });
});

it('has no look-up listen to the signal of the node, of which Node.js would warn with many kinds', async () => {
	const { addTo, node } = adding();
	const listening: AbortSignal[] = [];
	const { lookUp } = portal();
	const listens: LookUp = async (kind, ids, waiting) => {
		waiting.signal.addEventListener('abort', () => listening.pop());
		listening.push(waiting.signal);
		return await lookUp(kind, ids, waiting);
	};
	const processes = Array.from({ length: 12 }, (_, index) =>
		record(String(index), { EVENT_NAME: `ONCRMDYNAMICITEMADD_${130 + index}` }),
	);
	await addTo(processes, listens, false);
	expect([listening.length, getEventListeners(node.signal, 'abort')]).toEqual([13, []]);
	node.abort();
	expect(listening).toEqual([]);
});
