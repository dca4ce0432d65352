import type { Client } from '../../../../nodes/Bitrix24/api/client.js';
import { ActionableError, toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { simulatedPortal, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

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
		expect((await queue.peek()).map(({ ID }) => ID)).toEqual(['2', '3']);
		expect(portal.callsOf('event.offline.list')).toEqual([
			{ filter: { '=PROCESS_ID': '', '=ERROR': 0 }, order: { ID: 'ASC' }, auth_connector: 'queue' },
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
		expect((await queue.peek()).map(({ ID }) => ID)).toEqual(['28']);
	});
});
