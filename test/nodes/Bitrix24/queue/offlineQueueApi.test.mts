import type { Client } from '../../../../nodes/Bitrix24/api/client.js';
import { ActionableError, toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const calls = (connector: string | null) => {
	const portal = simulatedPortal();
	const settled = simulatedPortal();
	return { portal, settled, queue: openQueue(portalBehind(portal), portalBehind(settled), connector) };
};

/** A portal that answers a method with a result of its own. */
function answering(method: string, value: unknown) {
	const portal = simulatedPortal();
	portal.answers.set(method, result(value));
	return openQueue(portalBehind(portal), portalBehind(portal), null);
}

const selection = { limit: 7, event: null };

describe('reserve', () => {
	it('marks what waits, and hands it out with the name of the reservation', async () => {
		const { portal, queue } = calls(null);
		portal.queue([10, 11, 12]);
		const { processId, records } = await queue.reserve({ ...selection, limit: 2 });
		expect(records.map(({ ID }) => ID)).toEqual(['1', '2']);
		expect(portal.records().map(({ PROCESS_ID }) => PROCESS_ID)).toEqual([processId, processId, '']);
	});

	it.each([
		[selection, { limit: 7, error: 0, clear: 0 }],
		[
			{ ...selection, failed: true },
			{ limit: 7, error: 1, clear: 0 },
		],
		[
			{ ...selection, event: 'ONCRMLEADADD' },
			{ limit: 7, error: 0, clear: 0, filter: { '=EVENT_NAME': 'ONCRMLEADADD' } },
		],
	])('asks for %j', async (wanted, parameters) => {
		const { portal, queue } = calls(null);
		await queue.reserve(wanted);
		expect(portal.calls.map(({ method }) => method)).toEqual(['event.offline.get']);
		expect(portal.callsOf('event.offline.get')).toEqual([parameters]);
	});
});

describe('take', () => {
	it('hands out for good, and is not broken off when the node closes', async () => {
		const { portal, settled, queue } = calls('queue');
		settled.queue([10], { connector: 'queue' });
		const { processId, records } = await queue.receiveAndDelete(selection);
		expect([processId, records.length]).toEqual([null, 1]);
		expect(settled.records()).toEqual([]);
		expect(settled.callsOf('event.offline.get')).toEqual([{ limit: 7, error: 0, clear: 1, auth_connector: 'queue' }]);
		expect(portal.calls).toEqual([]);
	});
});

describe('reserved', () => {
	it('hands out again what is still reserved, in the order of the queue, from a record on', async () => {
		const { portal, queue } = calls('queue');
		portal.queue([10, 11, 12], { connector: 'queue' });
		const { processId } = await queue.reserve(selection);
		const again = await queue.fetchReserved(String(processId), { limit: 7, failed: false, afterId: '1' });
		expect(again.records.map(({ ID }) => ID)).toEqual(['2', '3']);
		expect(again.processId).toBe(processId);
		expect(portal.callsOf('event.offline.get')[1]).toEqual({
			limit: 7,
			error: 0,
			clear: 0,
			filter: { '>ID': '1' },
			order: { ID: 'ASC' },
			process_id: processId,
			auth_connector: 'queue',
		});
	});

	it('tells those that were put aside before from the others', async () => {
		const { portal, queue } = calls(null);
		await queue.fetchReserved('process', { limit: 7, failed: true, afterId: '0' });
		expect(portal.callsOf('event.offline.get')).toMatchObject([{ error: 1, process_id: 'process' }]);
	});

	it('keeps the name of the reservation, whatever the portal answers', async () => {
		const again = await answering('event.offline.get', { process_id: 'another', events: [] }).fetchReserved('process', {
			limit: 1,
			failed: false,
			afterId: '0',
		});
		expect(again.processId).toBe('process');
	});
});

describe('what the portal hands out', () => {
	it.each([
		['a text', 'x', 'x'],
		['a number', 7, '7'],
		['null', null, null],
		['missing', undefined, null],
	])('may name the reservation by %s', async (_, processId, expected) => {
		const batch = await answering('event.offline.get', { process_id: processId, events: [] }).reserve(selection);
		expect(batch).toEqual({ processId: expected, isFailed: false, size: 0, records: [], strange: [] });
	});

	it.each([[{ process_id: 'x' }], [{ process_id: 'x', events: null }], [[]]])(
		'is not understood when it is %j',
		async (value) => {
			await expect(answering('event.offline.get', value).reserve(selection)).rejects.toThrow(
				'What answered at the portal URL is not the Bitrix24 REST API (event.offline.get answered in an unknown form).',
			);
		},
	);
});

describe('a record that is not in the documented form', () => {
	it.each([
		['no event', { ...queuedLead, EVENT_NAME: null }, { id: '28', messageId: queuedLead.MESSAGE_ID, event: null }],
		['no message', { ...queuedLead, MESSAGE_ID: null }, { id: '28', messageId: null, event: 'ONCRMLEADDELETE' }],
		['an empty message', { ...queuedLead, ID: null, MESSAGE_ID: ' ' }, { id: null, messageId: null }],
		['no id', { ...queuedLead, ID: null }, { id: null, messageId: queuedLead.MESSAGE_ID }],
		['nothing at all', null, { id: null, messageId: null, event: null }],
		['a text', 'x', { id: null, messageId: null, event: null }],
	])('holds up no other: %s', async (_, row, strange) => {
		const queue = answering('event.offline.get', { process_id: 'x', events: [row, queuedLead] });
		expect(await queue.reserve(selection)).toMatchObject({ size: 2, records: [queuedLead], strange: [strange] });
	});

	it('is no reserved one to be recovered without an id, and no failed one without a message', async () => {
		const row = { ...queuedLead, PROCESS_ID: 'x', ERROR: '0' };
		const nameless = { ...row, ID: '29', EVENT_NAME: null };
		const queue = answering('event.offline.list', [null, row, nameless, { ...row, ID: null }]);
		expect(await queue.listReserved('0')).toMatchObject({
			records: [
				{ id: '28', event: 'ONCRMLEADDELETE' },
				{ id: '29', event: '' },
			],
			lastId: '29',
		});
		const failed = { ...row, PROCESS_ID: '', ERROR: '1' };
		const listed = answering('event.offline.list', [
			failed,
			{ ...failed, MESSAGE_ID: null },
			row,
			{ ...failed, ERROR: 0 },
		]);
		expect(await listed.listFailed(0)).toEqual([
			{
				id: queuedLead.ID,
				messageId: queuedLead.MESSAGE_ID,
				event: 'ONCRMLEADDELETE',
				timestamp: queuedLead.TIMESTAMP_X,
			},
		]);
		const waiting = { ...queuedLead, PROCESS_ID: '', ERROR: '0' };
		const peeked = answering('event.offline.list', [{ ...waiting, EVENT_NAME: null }, waiting]);
		expect(await peeked.peek(['ONCRMLEADDELETE'])).toMatchObject([queuedLead]);
	});
});

describe('records of messages', () => {
	const failed = (id: string, messageId: string) => ({ id, messageId, event: 'ONCRMLEADDELETE' });

	async function withFailed() {
		const { portal, queue, settled } = calls('queue');
		portal.queue([10, 11, 12], { connector: 'queue' });
		await queue.reserve(selection);
		const [first = '', second = ''] = portal.records().map(({ MESSAGE_ID }) => MESSAGE_ID);
		return { portal, settled, queue, first, second };
	}

	it('are superseded by newer ones of the same object, waiting or reserved', async () => {
		const { settled, queue, portal, first, second } = await withFailed();
		portal.queue([11], { connector: 'queue' });
		settled.answers.set('event.offline.list', {
			statusCode: 200,
			body: { result: portal.records() },
		});
		expect(await queue.findSuperseded([failed('1', first), failed('2', second)])).toEqual(new Set(['2']));
		expect(settled.callsOf('event.offline.list')).toEqual([
			{
				filter: { '=ERROR': 0, '=MESSAGE_ID': [first, second] },
				order: { ID: 'DESC' },
				auth_connector: 'queue',
			},
		]);
	});

	it('are not superseded by what lies in failed, nor by older ones', async () => {
		const row = { ...queuedLead, PROCESS_ID: '', ERROR: '0' };
		const queue = answering('event.offline.list', [row, { ...row, ID: '99', ERROR: '1' }]);
		expect(await queue.findSuperseded([failed('28', row.MESSAGE_ID), failed('30', 'x')])).toEqual(new Set());
		expect(await queue.findSuperseded([failed('27', row.MESSAGE_ID)])).toEqual(new Set(['27']));
	});

	it('are found among the failed, 25 messages at a time', async () => {
		const { portal, queue } = calls('queue');
		portal.queue(
			Array.from({ length: 30 }, (_, index) => index + 1),
			{ connector: 'queue' },
		);
		portal.failAll('queue');
		const messages = portal.records().map(({ MESSAGE_ID }) => MESSAGE_ID);
		portal.calls.length = 0;
		expect((await queue.findFailed(messages)).map(({ messageId }) => messageId).sort()).toEqual([...messages].sort());
		expect(portal.callsOf('event.offline.list')).toHaveLength(2);
	});

	it('are asked for one by one where the portal takes no list', async () => {
		const { portal, queue } = calls('queue');
		portal.queue([1, 2], { connector: 'queue' });
		portal.failAll('queue');
		const messages = portal.records().map(({ MESSAGE_ID }) => MESSAGE_ID);
		let refusals = 0;
		const { helpers } = portal;
		const { httpRequestWithAuthentication: send } = helpers;
		helpers.httpRequestWithAuthentication = async (type, options) => {
			if (!JSON.stringify(options.body).includes('[')) return await send(type, options);
			refusals++;
			return refused(400, 'ERROR_ARGUMENT', 'The value of an argument has an invalid type');
		};
		expect(await queue.findFailed(messages)).toHaveLength(2);
		expect(refusals).toBe(1);
		helpers.httpRequestWithAuthentication = async () => refused(403, 'ACCESS_DENIED', '');
		await expect(queue.findFailed(messages)).rejects.toThrow('Bitrix24 denied access');
	});

	it('are reserved by their message', async () => {
		const { portal, queue } = calls('queue');
		portal.queue([1, 2], { connector: 'queue' });
		portal.failAll('queue');
		const messageId = portal.records()[1]?.MESSAGE_ID;
		expect(await queue.reserve({ limit: 1, event: null, failed: true, messageId })).toMatchObject({
			isFailed: true,
			records: [{ ID: '2' }],
		});
	});
});

describe('the answer to a reservation', () => {
	function openTwice() {
		const [once, patient] = [simulatedPortal(), simulatedPortal()];
		patient.queue([1]);
		return { once, patient, queue: openQueue(portalBehind(patient), portalBehind(patient), null, portalBehind(once)) };
	}

	it('that got lost is noted, and asked for again', async () => {
		const { once, queue } = openTwice();
		once.troubles.set(1, 'unanswered');
		expect((await queue.reserve(selection)).records).toHaveLength(1);
		expect(queue.hasLostAnswer).toBe(true);
	});

	it('that arrived is not asked for again', async () => {
		const { patient, queue } = openTwice();
		await queue.reserve(selection);
		expect([patient.calls, queue.hasLostAnswer]).toEqual([[], false]);
	});

	it('that is no answer of a portal is not asked for again', async () => {
		const [once, patient] = [simulatedPortal(), simulatedPortal()];
		const why = new Error('The node closes');
		const closing: Client = { ...portalBehind(once), call: async () => await Promise.reject(why) };
		const queue = openQueue(portalBehind(patient), portalBehind(patient), null, closing);
		await expect(queue.reserve(selection)).rejects.toBe(why);
		expect([patient.calls, queue.hasLostAnswer]).toEqual([[], false]);
	});

	it('that is a refusal is not asked for again', async () => {
		const { once, patient, queue } = openTwice();
		once.troubles.set(1, 'refused');
		await expect(queue.reserve(selection)).rejects.toThrow('Bitrix24 denied access');
		expect([patient.calls, queue.hasLostAnswer]).toEqual([[], false]);
	});
});

describe('what became of records', () => {
	it('is told by their ids, and by their messages, and to the end', async () => {
		const { portal, settled, queue } = calls('queue');
		await queue.acknowledge('process', ['1', '2']);
		await queue.moveToFailed('process', ['message-3']);
		expect(settled.calls.map(({ method, parameters }) => [method, parameters])).toEqual([
			['event.offline.clear', { process_id: 'process', id: ['1', '2'], auth_connector: 'queue' }],
			['event.offline.error', { process_id: 'process', message_id: ['message-3'], auth_connector: 'queue' }],
		]);
		expect(portal.calls).toEqual([]);
	});

	it('is not told of none: that would be the whole reservation', async () => {
		const { settled, queue } = calls(null);
		await queue.acknowledge('process', []);
		await queue.moveToFailed('process', []);
		expect(settled.calls).toEqual([]);
	});

	it('has not been told where the portal refuses to hear it', async () => {
		const { settled, queue } = calls(null);
		settled.answers.set('event.offline.clear', refused(403, 'insufficient_scope', ''));
		settled.answers.set('event.offline.error', new Error('read ECONNRESET'));
		await expect(queue.acknowledge('process', ['1'])).rejects.toThrow('lacks a permission');
		await expect(queue.moveToFailed('process', ['message-1'])).rejects.toThrow('Bitrix24 did not answer');
	});

	it.each([7, null, {}, 'true'])('has not been told where it answers %j in place of true', async (result) => {
		const { settled, queue } = calls(null);
		for (const method of ['event.offline.clear', 'event.offline.error']) {
			settled.answers.set(method, { statusCode: 200, body: { result } });
		}
		await expect(queue.acknowledge('process', ['1'])).rejects.toThrow(
			'event.offline.clear answered in an unknown form',
		);
		await expect(queue.moveToFailed('process', ['message-1'])).rejects.toThrow(
			'event.offline.error answered in an unknown form',
		);
	});
});

describe('listReserved', () => {
	const reserved = { ...queuedLead, PROCESS_ID: 'process', ERROR: '0' };

	it('lists what anybody has reserved behind a record, and where the next page begins', async () => {
		const { portal, queue } = calls('queue');
		portal.queue([10, 11, 12, 13], { connector: 'queue' });
		await queue.reserve({ ...selection, limit: 3 });
		expect(await queue.listReserved('1')).toEqual({
			records: ['2', '3'].map((id) => ({ id, processId: 'process-1', event: 'ONCRMLEADDELETE', isFailed: false })),
			lastId: '3',
		});
		expect(portal.callsOf('event.offline.list')).toEqual([
			{ filter: { '!PROCESS_ID': '', '>ID': '1' }, order: { ID: 'ASC' }, auth_connector: 'queue' },
		]);
	});

	it('says when there is nothing more', async () => {
		expect(await calls(null).queue.listReserved('0')).toEqual({ records: [], lastId: null });
	});

	it.each([
		['0', false],
		['1', true],
		[1, true],
		['Y', false],
		[undefined, false],
	])('knows by ERROR %p whether a record was put aside', async (error, isFailed) => {
		const queue = answering('event.offline.list', [{ ...reserved, ERROR: error }]);
		expect(await queue.listReserved('0')).toMatchObject({ records: [{ isFailed }] });
	});

	it('writes the codes of events in upper case', async () => {
		const queue = answering('event.offline.list', [{ ...reserved, EVENT_NAME: 'onCrmLeadDelete' }]);
		expect(await queue.listReserved('0')).toMatchObject({ records: [{ event: 'ONCRMLEADDELETE' }] });
	});

	it.each([[''], [null], [undefined], [{}]])(
		'leaves out what nobody has reserved, and goes on behind it: %p',
		async (processId) => {
			const queue = answering('event.offline.list', [reserved, { ...reserved, ID: '29', PROCESS_ID: processId }]);
			expect(await queue.listReserved('0')).toMatchObject({ records: [{ id: '28' }], lastId: '29' });
		},
	);

	it('takes a number for the name of a reservation as well', async () => {
		const queue = answering('event.offline.list', [{ ...reserved, PROCESS_ID: 7 }]);
		expect(await queue.listReserved('0')).toMatchObject({ records: [{ processId: '7' }] });
	});

	it('asks otherwise where the portal knows no negation', async () => {
		const portal = simulatedPortal();
		const inner = portalBehind(portal);
		const failure = { status: 400, code: 'ERROR_ARGUMENT', description: 'Filter operation not allowed: !' };
		const knowsNoNegation: Client = {
			...inner,
			async call(method, parameters, schema) {
				const result = await inner.call(method, parameters, schema);
				if (JSON.stringify(parameters).includes('!')) throw toActionableError(failure);
				return result;
			},
		};
		const queue = openQueue(knowsNoNegation, inner, 'queue');
		portal.queue([10, 11], { connector: 'queue' });
		await queue.reserve({ ...selection, limit: 1 });
		expect(await queue.listReserved('0')).toMatchObject({ records: [{ id: '1' }], lastId: '1' });
		expect(portal.callsOf('event.offline.list').map(({ filter }) => filter)).toEqual([
			{ '!PROCESS_ID': '', '>ID': '0' },
			{ '>PROCESS_ID': '', '>ID': '0' },
		]);
	});

	it('does not ask again where the portal refuses for another reason', async () => {
		const { portal, queue } = calls(null);
		portal.answers.set('event.offline.list', refused(403, 'ACCESS_DENIED', ''));
		await expect(queue.listReserved('0')).rejects.toThrow('Bitrix24 denied access');
		expect(portal.calls).toHaveLength(1);
	});
});

describe('listReserved, where the call itself is not possible', () => {
	it('says why, and does not ask otherwise', async () => {
		const why = new ActionableError('The credential is not connected.', 'Connect it.');
		const called: string[] = [];
		const portal: Client = {
			...portalBehind(simulatedPortal()),
			async call(method) {
				called.push(method);
				throw why;
			},
		};
		await expect(openQueue(portal, portal, null).listReserved('0')).rejects.toBe(why);
		expect(called).toEqual(['event.offline.list']);
	});
});

describe('listWaiting', () => {
	it('shows what waits, and neither what is reserved nor what was put aside', async () => {
		const { portal, queue } = calls('queue');
		portal.queue([10, 11, 12], { connector: 'queue' });
		await queue.reserve({ ...selection, limit: 1 });
		const before = JSON.stringify(portal.records());
		expect((await queue.peek(['ONCRMLEADDELETE'])).map(({ ID }) => ID)).toEqual(['2', '3']);
		expect(portal.callsOf('event.offline.list')).toEqual([
			{
				filter: { '=PROCESS_ID': '', '=ERROR': 0, '=EVENT_NAME': ['ONCRMLEADDELETE'] },
				order: { ID: 'ASC' },
				auth_connector: 'queue',
			},
		]);
		expect(JSON.stringify(portal.records())).toBe(before);
	});

	it('looks for itself where the portal does not filter', async () => {
		const row = { ...queuedLead, PROCESS_ID: '', ERROR: '0' };
		const queue = answering('event.offline.list', [
			row,
			{ ...row, ID: '29', PROCESS_ID: 'process' },
			{ ...row, ID: '30', ERROR: '1' },
		]);
		expect((await queue.peek(['ONCRMLEADDELETE'])).map(({ ID }) => ID)).toEqual(['28']);
	});
});
