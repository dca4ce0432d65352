import type { LookupKind } from '../../../../nodes/Bitrix24/api/recordLookup.js';
import { readConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { openLookups } from '../../../../nodes/Bitrix24/n8n/lookups.js';
import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { executeContext } from '../../../fakes/executeContext.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const { signal } = new AbortController();
const once = { signal, keepTrying: false };

async function open(portal = simulatedPortal(), credentialId: string | null = 'credential-1') {
	const { context, log } = executeContext({ items: [], portal, credentialId });
	return { lookUp: openLookups(context, await readConnection(context)), portal, log };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('openLookups', () => {
	it('gives each record, and null for one that is not there', async () => {
		const { lookUp } = await open();
		const { records, failure } = await lookUp(1, ['1', '99'], once);
		expect([...records]).toEqual([
			['1', expect.objectContaining({ id: 1 })],
			['99', null],
		]);
		expect(failure).toBeNull();
	});

	it('says what could not be looked up, and why', async () => {
		const { lookUp, portal } = await open();
		portal.answers.set('crm.item.list', refused(429, 'OPERATION_TIME_LIMIT', ''));
		const asking = lookUp(1, ['1'], once);
		await jest.advanceTimersByTimeAsync(2_000);
		expect(await asking).toEqual({ records: new Map(), failure: expect.objectContaining({ status: 429 }) });
		expect(await lookUp(1, ['1'], { ...once, signal: AbortSignal.abort() })).toEqual({
			records: new Map(),
			failure: null,
		});
	});

	it('shares look-ups of one kind with one credential, and of no other', async () => {
		const { portal, lookUp } = await open();
		const sameCredential = await open(portal);
		const askers: Array<[typeof lookUp, LookupKind, string]> = [
			[lookUp, 1, '1'],
			[lookUp, 1, '2'],
			[sameCredential.lookUp, 1, '3'],
			[sameCredential.lookUp, 2, '4'],
			[(await open(portal, 'credential-2')).lookUp, 1, '5'],
			[(await open(portal, null)).lookUp, 1, '6'],
			[(await open(portal, null)).lookUp, 1, '7'],
		];
		const asking = askers.map(async ([look, kind, id]) => await look(kind, [id], once));
		await jest.advanceTimersByTimeAsync(2_000);
		await Promise.all(asking);
		const asked = portal.calls.map(({ parameters }) => Object(parameters.filter)['@id']);
		expect(asked).toEqual([['1'], ['4'], ['5'], ['6'], ['7'], ['2', '3']]);
		await jest.advanceTimersByTimeAsync(2_000);
		expect(processState.lookups.size).toBe(0);
	});

	it.each<[LookupKind, string, string]>([
		[1, 'crm.item.list', 'records of CRM (entity type 1)'],
		['task', 'tasks.task.list', 'tasks'],
		['user', 'user.get', "people's names"],
	])('logs once an hour why it cannot read %s', async (kind, method, name) => {
		const { lookUp, portal, log } = await open();
		portal.answers.set(method, refused(403, 'insufficient_scope', ''));
		for (const pause of [0, 3_590_000, 20_000]) {
			await jest.advanceTimersByTimeAsync(pause);
			const asking = lookUp(kind, ['1'], once);
			await jest.advanceTimersByTimeAsync(2_000);
			expect(await asking).toEqual({ records: new Map([['1', null]]), failure: null });
		}
		expect(log).toHaveLength(2);
		expect(log[0]).toContain(`it cannot read ${name}, and leaves them out. The Bitrix24 app lacks a permission`);
	});
});
