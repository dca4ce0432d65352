import type { Client } from '../../../../nodes/Bitrix24/api/client.js';
import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const connector = 'queue';
const selection = { limit: 7, event: null };

/** A queue in which so many leads wait: a portal for reading, and one for what has to be told to the end. */
function waiting(count = 0, name: string | null = connector) {
	const [portal, told] = [simulatedPortal(), simulatedPortal()];
	const leads = Array.from({ length: count }, (_, index) => 10 + index);
	portal.queue(leads, { connector: name ?? '' });
	const messages = () => portal.records().map(({ MESSAGE_ID }) => MESSAGE_ID);
	return { portal, told, messages, queue: openQueue(portalBehind(portal), portalBehind(told), name) };
}

/** A portal that answers a method with a result of its own. */
function answering(method: string, value: unknown) {
	const portal = simulatedPortal();
	portal.answers.set(`event.offline.${method}`, result(value));
	return openQueue(portalBehind(portal), portalBehind(portal), null);
}

/** Has the portal refuse the calls of which this is said. */
function refusing({ portal }: ReturnType<typeof waiting>, status: number, isMeant: (call: string) => boolean) {
	const { httpRequestWithAuthentication: send } = portal.helpers;
	let refusals = 0;
	portal.helpers.httpRequestWithAuthentication = async (type, options) => {
		const answer = await send(type, options);
		if (!isMeant(JSON.stringify(options.body))) return answer;
		refusals++;
		return refused(status, status === 400 ? 'ERROR_ARGUMENT' : 'ACCESS_DENIED', '');
	};
	return () => refusals;
}

describe('reserve', () => {
	it('marks what waits, and hands it out with the name of the reservation', async () => {
		const { portal, queue } = waiting(3, null);
		const { processId, records } = await queue.reserve({ ...selection, limit: 2 });
		expect(records.map(({ ID }) => ID)).toEqual(['1', '2']);
		expect(portal.records().map(({ PROCESS_ID }) => PROCESS_ID)).toEqual([processId, processId, '']);
	});

	it.each([
		[{}, {}],
		[{ failed: true }, { error: 1 }],
		[{ event: 'ONCRMLEADADD' }, { filter: { '=EVENT_NAME': 'ONCRMLEADADD' } }],
		[{ messageId: 'message' }, { filter: { '=MESSAGE_ID': 'message' } }],
	])('asks for %j', async (wanted, parameters) => {
		const { portal, queue } = waiting(0, null);
		const { isFailed } = await queue.reserve({ ...selection, ...wanted });
		expect(isFailed).toBe('failed' in wanted);
		const asked = { limit: 7, error: 0, clear: 0, ...parameters };
		expect(portal.calls).toMatchObject([{ method: 'event.offline.get', parameters: asked }]);
		expect(portal.callsOf('event.offline.get')).toEqual([asked]);
	});

	it.each([
		['a text', 'x', 'x'],
		['a number', 7, '7'],
		['null', null, null],
		['missing', undefined, null],
	])('reads the name of the reservation where it is %s', async (_, processId, expected) => {
		const batch = await answering('get', { process_id: processId, events: [] }).reserve(selection);
		expect(batch).toEqual({ processId: expected, isFailed: false, size: 0, records: [], strange: [] });
	});

	it.each([[{ process_id: 'x' }], [{ process_id: 'x', events: null }], [[]]])(
		'does not understand %j',
		async (value) => {
			await expect(answering('get', value).reserve(selection)).rejects.toThrow(
				'What answered at the portal URL is not the Bitrix24 REST API (event.offline.get answered in an unknown form).',
			);
		},
	);

	it.each([
		['no event', { ...queuedLead, EVENT_NAME: null }, { id: '28', messageId: queuedLead.MESSAGE_ID, event: null }],
		['no message', { ...queuedLead, MESSAGE_ID: null }, { id: '28', messageId: null, event: 'ONCRMLEADDELETE' }],
		['an empty message', { ...queuedLead, ID: null, MESSAGE_ID: ' ' }, { id: null, messageId: null }],
		['nothing at all', null, { id: null, messageId: null, event: null }],
		['a text', 'x', { id: null, messageId: null, event: null }],
	])('hands out a record in an unknown form beside the others: %s', async (_, row, strange) => {
		const queue = answering('get', { process_id: 'x', events: [row, queuedLead] });
		expect(await queue.reserve(selection)).toMatchObject({ size: 2, records: [queuedLead], strange: [strange] });
	});
});

describe('the answer to a reservation', () => {
	function openTwice(client = (once: Client) => once) {
		const [once, patient] = [simulatedPortal(), simulatedPortal()];
		patient.queue([1]);
		const [first, second] = [client(portalBehind(once)), portalBehind(patient)];
		return { once, patient, queue: openQueue(second, second, null, first) };
	}

	it('that got lost is noted, and asked for again', async () => {
		const { once, queue } = openTwice();
		once.troubles.set(1, 'unanswered');
		expect((await queue.reserve(selection)).records).toHaveLength(1);
		expect(queue.hasLostAnswer).toBe(true);
	});

	it('that arrived is not asked for again, nor is a refusal', async () => {
		const { once, patient, queue } = openTwice();
		once.troubles.set(2, 'refused');
		await queue.reserve(selection);
		await expect(queue.reserve(selection)).rejects.toThrow('Bitrix24 denied access');
		expect([patient.calls, queue.hasLostAnswer]).toEqual([[], false]);
	});

	it('that got lost is not asked for again by who is asked to the end anyway', async () => {
		const { portal, queue } = waiting(1);
		portal.troubles.set(1, 'unanswered');
		await expect(queue.reserve(selection)).rejects.toThrow('Bitrix24 did not answer');
		expect([portal.calls.length, queue.hasLostAnswer]).toEqual([1, false]);
	});

	it('that is no answer of a portal is not asked for again', async () => {
		const why = new Error('The node closes');
		const { patient, queue } = openTwice((once) => ({ ...once, call: async () => await Promise.reject(why) }));
		await expect(queue.reserve(selection)).rejects.toBe(why);
		expect([patient.calls, queue.hasLostAnswer]).toEqual([[], false]);
	});
});

it('receiveAndDelete hands out for good, and is not broken off when the node closes', async () => {
	const { portal, told, queue } = waiting();
	told.queue([10], { connector });
	expect(await queue.receiveAndDelete(selection)).toMatchObject({ processId: null, records: [{ ID: '1' }] });
	expect([told.records(), portal.calls]).toEqual([[], []]);
	expect(told.callsOf('event.offline.get')).toEqual([{ limit: 7, error: 0, clear: 1, auth_connector: connector }]);
});

describe('fetchReserved', () => {
	it('hands out again what is still reserved, in the order of the queue, from a record on', async () => {
		const { portal, queue } = waiting(3);
		const { processId } = await queue.reserve(selection);
		const again = await queue.fetchReserved(String(processId), { limit: 7, failed: false, afterId: '1' });
		expect([again.processId, again.records.map(({ ID }) => ID)]).toEqual([processId, ['2', '3']]);
		await queue.fetchReserved('another', { limit: 7, failed: true, afterId: '0' });
		const asked = { limit: 7, order: { ID: 'ASC' }, clear: 0, auth_connector: connector };
		expect(portal.callsOf('event.offline.get').slice(1)).toEqual([
			{ ...asked, error: 0, filter: { '>ID': '1' }, process_id: processId },
			{ ...asked, error: 1, filter: { '>ID': '0' }, process_id: 'another' },
		]);
	});

	it('keeps the name of the reservation, whatever the portal answers', async () => {
		const queue = answering('get', { process_id: 'another', events: [] });
		const again = await queue.fetchReserved('process', { limit: 1, failed: false, afterId: '0' });
		expect(again.processId).toBe('process');
	});
});

describe('listReserved', () => {
	const reserved = { ...queuedLead, PROCESS_ID: 'process', ERROR: '0' };
	const listed = { id: '28', processId: 'process', event: 'ONCRMLEADDELETE', isFailed: false };

	it('lists what anybody has reserved behind a record, and where the next page begins', async () => {
		const { portal, queue } = waiting(4);
		await queue.reserve({ ...selection, limit: 3 });
		expect(await queue.listReserved('1')).toEqual({
			records: ['2', '3'].map((id) => ({ ...listed, id, processId: 'process-1' })),
			lastId: '3',
		});
		expect(portal.callsOf('event.offline.list')).toEqual([
			{ filter: { '!PROCESS_ID': '', '>ID': '1' }, order: { ID: 'ASC' }, auth_connector: connector },
		]);
		expect(await queue.listReserved('4')).toEqual({ records: [], lastId: null });
	});

	it.each([
		[{ ERROR: '0' }, {}],
		[{ ERROR: '1' }, { isFailed: true }],
		[{ ERROR: 1 }, { isFailed: true }],
		[{ ERROR: 'Y' }, {}],
		[{ ERROR: undefined }, {}],
		[{ EVENT_NAME: 'onCrmLeadDelete' }, {}],
		[{ EVENT_NAME: null }, { event: '' }],
		[{ PROCESS_ID: 7 }, { processId: '7' }],
	])('reads %j', async (row, expected) => {
		const queue = answering('list', [null, { ...reserved, ...row }, { ...reserved, ID: null }]);
		expect(await queue.listReserved('0')).toEqual({ records: [{ ...listed, ...expected }], lastId: '28' });
	});

	it.each([[''], [null], [undefined], [{}]])('leaves out what nobody has reserved: %p', async (processId) => {
		const queue = answering('list', [reserved, { ...reserved, ID: '29', PROCESS_ID: processId }]);
		expect(await queue.listReserved('0')).toMatchObject({ records: [{ id: '28' }], lastId: '29' });
	});

	it('asks otherwise where the portal knows no negation', async () => {
		const world = waiting(2);
		refusing(world, 400, (call) => call.includes('!'));
		await world.queue.reserve({ ...selection, limit: 1 });
		expect(await world.queue.listReserved('0')).toMatchObject({ records: [{ id: '1' }], lastId: '1' });
		expect(world.portal.callsOf('event.offline.list').map(({ filter }) => filter)).toEqual([
			{ '!PROCESS_ID': '', '>ID': '0' },
			{ '>PROCESS_ID': '', '>ID': '0' },
		]);
	});

	it('does not ask again where the portal refuses for another reason, or was not asked at all', async () => {
		const { portal, queue } = waiting();
		portal.answers.set('event.offline.list', refused(403, 'ACCESS_DENIED', ''));
		await expect(queue.listReserved('0')).rejects.toThrow('Bitrix24 denied access');
		expect(portal.calls).toHaveLength(1);
		const why = new ActionableError('The credential is not connected.', 'Connect it.');
		const call = jest.fn().mockRejectedValue(why);
		const client = { ...portalBehind(portal), call };
		await expect(openQueue(client, client, null).listReserved('0')).rejects.toBe(why);
		expect(call).toHaveBeenCalledTimes(1);
	});
});

describe('peek', () => {
	it('shows what waits, and neither what is reserved nor what was put aside', async () => {
		const { portal, queue } = waiting(3);
		await queue.reserve({ ...selection, limit: 1 });
		const before = JSON.stringify(portal.records());
		expect((await queue.peek(['ONCRMLEADDELETE'])).map(({ ID }) => ID)).toEqual(['2', '3']);
		expect(portal.callsOf('event.offline.list')).toEqual([
			{
				filter: { '=PROCESS_ID': '', '=ERROR': 0, '=EVENT_NAME': ['ONCRMLEADDELETE'] },
				order: { ID: 'ASC' },
				auth_connector: connector,
			},
		]);
		expect(JSON.stringify(portal.records())).toBe(before);
	});

	it('looks for itself where the portal does not filter, or a record is in an unknown form', async () => {
		const row = { ...queuedLead, PROCESS_ID: '', ERROR: '0' };
		const others = [{ PROCESS_ID: 'process' }, { ERROR: '1' }, { EVENT_NAME: null }];
		const queue = answering('list', [row, ...others.map((other) => ({ ...row, ID: '29', ...other }))]);
		expect((await queue.peek(['ONCRMLEADDELETE'])).map(({ ID }) => ID)).toEqual(['28']);
	});
});

describe('records of messages', () => {
	const failed = (id: string, messageId: string) => ({ id, messageId, event: 'ONCRMLEADDELETE' });
	const row = { ...queuedLead, PROCESS_ID: '', ERROR: '0' };

	it('are superseded by newer ones of the same object, waiting or reserved', async () => {
		const { portal, told, queue, messages } = waiting(2);
		await queue.reserve(selection);
		const [first = '', second = ''] = messages();
		portal.queue([11], { connector });
		told.answers.set('event.offline.list', result(portal.records()));
		expect(await queue.findSuperseded([failed('1', first), failed('2', second)])).toEqual(new Set(['2']));
		expect(told.callsOf('event.offline.list')).toEqual([
			{ filter: { '=ERROR': 0, '=MESSAGE_ID': [first, second] }, order: { ID: 'DESC' }, auth_connector: connector },
		]);
	});

	it('are not superseded by what lies in failed, nor by older ones', async () => {
		const queue = answering('list', [row, { ...row, ID: '99', ERROR: '1' }]);
		expect(await queue.findSuperseded([failed('28', row.MESSAGE_ID), failed('30', 'x')])).toEqual(new Set());
		expect(await queue.findSuperseded([failed('27', row.MESSAGE_ID)])).toEqual(new Set(['27']));
	});

	it('are found among the failed, 25 messages at a time', async () => {
		const { portal, queue, messages } = waiting(50);
		portal.failAll(connector);
		const found = await queue.findFailed(messages());
		expect(found.map(({ messageId }) => messageId).sort()).toEqual(messages().sort());
		expect(portal.callsOf('event.offline.list')).toHaveLength(2);
	});

	it('are asked for one by one where the portal takes no list', async () => {
		const world = waiting(2);
		world.portal.failAll(connector);
		const refusals = refusing(world, 400, (call) => call.includes('['));
		expect(await world.queue.findFailed(world.messages())).toHaveLength(2);
		expect(refusals()).toBe(1);
		const denials = refusing(world, 403, () => true);
		await expect(world.queue.findFailed(world.messages())).rejects.toThrow('Bitrix24 denied access');
		expect(denials()).toBe(1);
	});

	it('are no failed ones without a message or an error, or where somebody has reserved them', async () => {
		const aside = { ...row, ERROR: '1' };
		const others = [{ ...aside, MESSAGE_ID: null }, { ...aside, PROCESS_ID: 'x' }, row, { ...aside, ID: null }];
		const { ID: id, MESSAGE_ID: messageId, TIMESTAMP_X: timestamp } = queuedLead;
		expect(await answering('list', [aside, ...others]).listFailed(0)).toEqual([
			{ id, messageId, event: 'ONCRMLEADDELETE', timestamp },
		]);
	});
});

describe('what became of records', () => {
	it('is told by their ids, and by their messages, and to the end; but not of none: that would be all', async () => {
		const { portal, told, queue } = waiting();
		for (const some of [['1', '2'], []]) {
			await queue.acknowledge('process', some);
			await queue.moveToFailed('process', some);
		}
		const named = { process_id: 'process', auth_connector: connector };
		expect(told.calls.map(({ method, parameters }) => [method, parameters])).toEqual([
			['event.offline.clear', { ...named, id: ['1', '2'] }],
			['event.offline.error', { ...named, message_id: ['1', '2'] }],
		]);
		expect(portal.calls).toEqual([]);
	});

	it.each<[Parameters<SimulatedPortal['answers']['set']>[1], string]>([
		[refused(403, 'insufficient_scope', ''), 'lacks a permission'],
		[new Error('read ECONNRESET'), 'Bitrix24 did not answer'],
		[result(7), 'answered in an unknown form'],
		[result(null), 'answered in an unknown form'],
		[result('true'), 'answered in an unknown form'],
	])('has not been told where the portal does not say so (%#)', async (answer, words) => {
		const { told, queue } = waiting();
		for (const method of ['clear', 'error']) told.answers.set(`event.offline.${method}`, answer);
		await expect(queue.acknowledge('process', ['1'])).rejects.toThrow(words);
		await expect(queue.moveToFailed('process', ['1'])).rejects.toThrow(words);
	});
});
