import { getEventListeners } from 'node:events';

import type { LookupKind, PortalRecord } from '../../../../nodes/Bitrix24/api/recordLookup.js';
import type { OfflineRecord } from '../../../../nodes/Bitrix24/event/queueItem.js';
import type { LookedUp, LookUp } from '../../../../nodes/Bitrix24/n8n/lookups.js';
import { createAdditions, itemsWith } from '../../../../nodes/Bitrix24/queue/additions.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const everything = { includeRecord: true, includeUser: true, recordFields: [] as string[] };
const named = { userName: 'Ann Archer', userIsAdmin: null };
const nobody = { userName: null, userIsAdmin: null };

function record(id: string, EVENT_NAME: string, by: string | null = '7', about = 100 + Number(id)): OfflineRecord {
	const additional = by === null ? [] : { user_id: by };
	return { ...queuedLead, ID: id, EVENT_NAME, EVENT_DATA: { FIELDS: { ID: about } }, EVENT_ADDITIONAL: additional };
}

const lead = record('1', 'ONCRMLEADUPDATE');
const deal = record('2', 'ONCRMDEALADD', null);
const deleted = { ...record('3', 'ONCRMLEADDELETE', 'robot'), EVENT_DATA: false };

/** Additions by look-ups of a portal that knows everybody and everything, but what a test says. */
function adding(
	settings: Partial<typeof everything> = {},
	answers: Partial<Record<LookupKind, Partial<LookedUp>>> = {},
) {
	const asked: Array<[kind: LookupKind, ids: readonly string[], keepTrying: boolean]> = [];
	const lookUp: LookUp = async (kind, ids, { keepTrying }) => {
		asked.push([kind, ids, keepTrying]);
		const found = (id: string): PortalRecord =>
			kind === 'user' ? { NAME: ' Ann ', LAST_NAME: 'Archer' } : { id, kind };
		return { records: new Map(ids.map((id) => [id, found(id)])), failure: null, ...answers[kind] };
	};
	const warnings: string[] = [];
	const node = new AbortController();
	const clock = { now: 1_000_000_000 };
	const log = { info: () => undefined, warn: (line: string) => void warnings.push(line), report: () => undefined };
	const context = { settings: { ...everything, ...settings }, signal: node.signal, log, now: () => clock.now };
	const addTo = createAdditions(context);
	const add = async (records: OfflineRecord[], isLast = false) => [...(await addTo(records, lookUp, isLast))];
	return { add, addTo, lookUp, asked, warnings, node, clock };
}

const away = { status: 503, code: 'OVERLOAD_LIMIT', description: '' };
const unanswered: LookedUp = { records: new Map(), failure: away };

it('looks up what each record is about and who did it, each kind by itself and each id once', async () => {
	const { add, asked } = adding();
	expect(await add([lead, deal, deleted, record('4', 'ONCRMLEADUPDATE', '7', 101)])).toEqual([
		['1', { ...named, record: { id: '101', kind: 1 } }],
		['2', { ...nobody, record: { id: '102', kind: 2 } }],
		['3', { ...nobody, record: null }],
		['4', { ...named, record: { id: '101', kind: 1 } }],
	]);
	expect(asked).toEqual([
		[1, ['101'], false],
		['user', ['7'], false],
		[2, ['102'], false],
	]);
});

it.each([
	[{ includeRecord: false }, named, 1],
	[{ includeUser: false, recordFields: ['id'] }, { record: { id: '101' } }, 1],
	[{ includeRecord: false, includeUser: false }, {}, 0],
])('adds nothing that was not chosen: %j', async (settings, added, calls) => {
	const { add, asked } = adding(settings);
	expect([await add([lead]), asked.length]).toEqual([[['1', added]], calls]);
});

it.each([
	['a record that cannot be read', { 1: { records: new Map([['101', null]]) } }, { record: null }],
	['nobody', { user: { records: new Map([['7', null]]) } }, nobody],
	['somebody without a name', { user: { records: new Map([['7', { NAME: '' }]]) } }, nobody],
])('adds null for %s', async (_, answers, added) => {
	expect(await adding({}, answers).add([lead])).toMatchObject([['1', added]]);
});

it('lets wait what could not be looked up, holds up nothing else, and says so once an hour', async () => {
	const { add, warnings, clock } = adding({}, { 1: unanswered });
	for (const pause of [0, 3_590_000, 20_000]) {
		clock.now += pause;
		expect((await add([lead, deal])).map(([id]) => id)).toEqual(['2']);
	}
	expect(warnings).toHaveLength(2);
	expect(warnings[0]).toMatch(
		/^what 1 of the events are to hold could not be looked up\. They wait in the queue\. Bitrix24 has blocked REST calls/,
	);
});

it.each([true, false])('says nothing of a node that closes meanwhile (%p)', async (closes) => {
	const { add, warnings, node } = adding({}, { 1: { records: new Map() } });
	if (closes) node.abort();
	await add([lead]);
	const line = 'what 1 of the events are to hold could not be looked up. They wait in the queue.';
	expect(warnings).toEqual(closes ? [] : [line]);
});

it('goes without on the last chance', async () => {
	const { add, asked, warnings } = adding({}, { 1: unanswered });
	expect(await add([lead, deal], true)).toEqual([
		['1', { ...named, record: null }],
		['2', { ...nobody, record: { id: '102', kind: 2 } }],
	]);
	expect(asked[0]).toEqual([1, ['101'], true]);
	expect(warnings).toEqual([expect.stringMatching(/could not be looked up\. They go without\./)]);
});

it.each([true, false])('items hold what was looked up for them (simplified: %p)', (simplify) => {
	const added = new Map([['2', { record: { id: 102 } }]]);
	const items = itemsWith(added, [lead, deal], { memberId: 'x', endpoint: null, status: 'L' }, simplify);
	expect(items.map(({ record: seen }) => seen)).toEqual([undefined, { id: 102 }]);
});

it('looks the record of a large event up, too: the portal is no hostile sender', async () => {
	const FIELDS = { ID: 101, LIST: Array.from({ length: 20_000 }, (_, index) => index) };
	const { add } = adding();
	expect(await add([{ ...lead, EVENT_DATA: { FIELDS } }])).toMatchObject([['1', { record: { id: '101' } }]]);
});

it('has no look-up listen to the signal of the node, of which Node.js would warn with many kinds', async () => {
	const { addTo, lookUp, node } = adding();
	const listening: AbortSignal[] = [];
	const listens: LookUp = async (kind, ids, waiting) => {
		waiting.signal.addEventListener('abort', () => listening.pop());
		listening.push(waiting.signal);
		return await lookUp(kind, ids, waiting);
	};
	const processes = Array.from({ length: 12 }, (_, index) =>
		record(String(index), `ONCRMDYNAMICITEMADD_${130 + index}`),
	);
	await addTo(processes, listens, false);
	expect([listening.length, getEventListeners(node.signal, 'abort')]).toEqual([13, []]);
	node.abort();
	expect(listening).toEqual([]);
});
