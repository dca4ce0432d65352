import type { LookupKind } from '../../../../nodes/Bitrix24/api/recordLookup.js';
import { lookUp, newestId } from '../../../../nodes/Bitrix24/api/recordLookup.js';
import { answered, clientOn, scriptedTransport } from '../../../fakes/scriptedTransport.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

/** A client of the simulated portal. */
function portal() {
	const { simulator } = simulatedPortal();
	const { accessToken } = simulator.issueTokens();
	const client = clientOn(async (url, params) => {
		const { status, body } = await simulator.request({ url, params, authorization: `Bearer ${accessToken}` });
		return answered(status, body);
	});
	return { simulator, client: client.extend({ maxRetries: 0 }) };
}

describe('lookUp', () => {
	it('reads records of CRM by their ids, and leaves out what is not there', async () => {
		const { simulator, client } = portal();
		const result = await lookUp(client, 1, ['1', '3', '99']);
		if (result.status !== 'answered') throw new Error(result.status);
		expect([...result.records].map(([id, { title }]) => [id, title])).toEqual([
			['1', 'Website form: price request'],
			['3', 'Call back tomorrow'],
		]);
		expect(result.records.get('1')).toHaveProperty('fm');
		expect(simulator.calls).toHaveLength(1);
	});

	it.each<[LookupKind, object]>([
		['task', { title: 'Call Carol' }],
		['user', { NAME: 'Ada' }],
		[1220, { title: 'A smart one' }],
	])('reads records of kind %s', async (kind, fields) => {
		const { simulator, client } = portal();
		simulator.records.add('task', { TITLE: 'Call Carol' });
		simulator.records.add(1220, { TITLE: 'A smart one' });
		const result = await lookUp(client, kind, ['1', '2']);
		if (result.status !== 'answered') throw new Error(result.status);
		expect([...result.records]).toEqual([['1', expect.objectContaining(fields)]]);
	});

	it('says that none can be read where the kind is gone, or the permission is missing', async () => {
		const { simulator, client } = portal();
		expect(await lookUp(client, 999, ['1'])).toEqual({ status: 'none' });
		simulator.app.scope = ['crm'];
		expect(await lookUp(client, 'task', ['1'])).toMatchObject({
			status: 'refused',
			failure: { code: 'insufficient_scope' },
		});
	});

	it.each([
		['another form', answered(200, { result: { items: [1] } })],
		['half of it', answered(200, '{"result":{"ite')],
		['a fault of its own', answered(500, { error: 'INTERNAL_SERVER_ERROR' })],
	])('knows nothing yet where the portal answers with %s', async (_, answer) => {
		const client = clientOn(scriptedTransport(answer).send, { maxRetries: 0 });
		expect(await lookUp(client, 1, ['1'])).toMatchObject({ status: 'unanswered' });
	});
});

describe('newestId', () => {
	it.each([1, 'task'] as const)('finds the newest record of kind %s, or none', async (kind) => {
		const { simulator, client } = portal();
		for (const { ID } of simulator.leads.list()) simulator.leads.delete(ID);
		expect(await newestId(client, kind)).toBeNull();
		for (let count = 0; count < 60; count++) {
			simulator.leads.add({ ID: 100 + count });
			simulator.records.add('task', { ID: 100 + count });
		}
		expect(await newestId(client, kind)).toBe('159');
	});

	it('finds none where the portal refuses, or names no id', async () => {
		const { client } = portal();
		expect(await newestId(client, 999)).toBeNull();
		const nameless = clientOn(scriptedTransport(answered(200, { result: { items: [{}] } })).send);
		expect(await newestId(nameless, 1)).toBeNull();
	});
});
