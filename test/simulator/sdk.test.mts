import { B24OAuth, type B24OAuthParams } from '@bitrix24/b24jssdk';
import { useReceiver } from './receiver.mjs';
import { phpForm, type Simulator, startSimulator } from '../../simulator/index.mjs';

// Bitrix24's own client is the judge: what it reads, the portal says as Bitrix24 does.
let portal: Simulator;
beforeEach(async () => {
	portal = await startSimulator({ app: { redirectUri: 'https://app.example/' } });
});
afterEach(async () => await portal.stop());

const handler = useReceiver();

/** Connects as a browser and an app do: by the code that the authorization page sends back. */
async function connect(): Promise<B24OAuth> {
	const { app, portalUrl, authorizationServer } = portal;
	const page = await fetch(`${portalUrl}/oauth/authorize/?client_id=${app.clientId}&state=x`, { redirect: 'manual' });
	const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
	const { clientId: client_id, clientSecret: client_secret } = app;
	const answer = await fetch(`${authorizationServer}/oauth/token/`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: phpForm({ grant_type: 'authorization_code', client_id, client_secret, code }),
	});
	const token = Object(await answer.json());
	const given: B24OAuthParams = {
		applicationToken: app.applicationToken,
		userId: token.user_id,
		memberId: token.member_id,
		accessToken: token.access_token,
		refreshToken: token.refresh_token,
		expires: token.expires,
		expiresIn: token.expires_in,
		scope: token.scope,
		domain: portal.domain,
		clientEndpoint: token.client_endpoint,
		serverEndpoint: token.server_endpoint,
		status: token.status,
	};
	return clientWith(given);
}

function clientWith(given: B24OAuthParams): B24OAuth {
	const { clientId, clientSecret } = portal.app;
	const client = new B24OAuth(given, { clientId, clientSecret });
	client.offClientSideWarning();
	return client;
}

async function call(client: B24OAuth, method: string, params: object = {}): Promise<unknown> {
	const { result } = Object((await client.actions.v2.call.make({ method, params })).getData());
	return result;
}

it('is connected by OAuth, and knows its user', async () => {
	const client = await connect();
	expect(await call(client, 'profile')).toMatchObject({ ID: '1', ADMIN: true });
	expect(await call(client, 'app.info')).toMatchObject({ INSTALLED: true });
});

it('binds, lists, is called when a lead is deleted, and unbinds', async () => {
	const client = await connect();
	const bound = { event: 'ONCRMLEADDELETE', handler: handler.receiver.url };
	expect(await call(client, 'event.bind', bound)).toBe(true);
	expect(await call(client, 'event.get')).toMatchObject([bound]);
	await call(client, 'crm.lead.delete', { id: 1 });
	await portal.idle();
	expect(portal.deliveries).toMatchObject([{ event: 'ONCRMLEADDELETE', status: 200 }]);
	expect(await call(client, 'event.unbind', bound)).toEqual({ count: 1 });
});

it('reserves offline events and acknowledges them', async () => {
	const client = await connect();
	await call(client, 'event.bind', { event: 'ONCRMLEADDELETE', event_type: 'offline' });
	portal.leads.delete([1, 2]);
	const { process_id: processId, events } = Object(await call(client, 'event.offline.get', { clear: 0 }));
	expect(events).toHaveLength(2);
	const [first] = events;
	expect(await call(client, 'event.offline.clear', { process_id: processId, id: [first.ID] })).toBe(true);
	expect(await call(client, 'event.offline.list')).toMatchObject([{ PROCESS_ID: processId }]);
});

it('renews an access token that has expired', async () => {
	const client = await connect();
	portal.expireAccessTokens();
	expect(await call(client, 'profile')).toMatchObject({ ID: '1' });
});

it('reads records, one and many', async () => {
	const client = await connect();
	const { item } = Object(await call(client, 'crm.item.get', { entityTypeId: 1, id: 2 }));
	expect(item).toMatchObject({ id: 2, title: 'Trade fair contact', lastName: 'Drake' });
	const filter = { '@id': [1, 3, 99] };
	const { items } = Object(await call(client, 'crm.item.list', { entityTypeId: 1, filter }));
	expect(items.map(({ id }: { id: number }) => id)).toEqual([1, 3]);
	await expect(call(client, 'crm.item.get', { entityTypeId: 1, id: 99 })).rejects.toThrow('Element not found');
});

it('reads a record with its telephone numbers and files, and leaves out what its user may not read', async () => {
	const client = await connect();
	const [id] = portal.leads.import([{ TITLE: 'With a file', EMAIL: [{ VALUE: 'a@b.c' }], UF_CRM_FILE: { fileId: 9 } }]);
	const { item } = Object(await call(client, 'crm.item.get', { entityTypeId: 1, id }));
	expect(item).toMatchObject({ title: 'With a file', fm: [{ typeId: 'EMAIL', valueType: 'WORK', value: 'a@b.c' }] });
	expect(item.ufCrmFile).toEqual({
		id: 9,
		url: expect.not.stringContaining('auth='),
		urlMachine: expect.stringMatching(/[?&]auth=\w{32,}&/),
	});
	portal.mayRead = (_user, record) => record.ID !== id;
	await expect(call(client, 'crm.item.get', { entityTypeId: 1, id })).rejects.toThrow('Access denied');
	expect(await call(client, 'crm.item.list', { entityTypeId: 1, filter: { '@id': [id] } })).toEqual({ items: [] });
});

it('lists 50 records a page, in the order that is asked for, and what a select names', async () => {
	const client = await connect();
	portal.leads.import(Array.from({ length: 60 }, () => ({})));
	const order = { id: 'DESC' };
	const response = await client.actions.v2.call.make({ method: 'crm.item.list', params: { entityTypeId: 1, order } });
	const { result } = Object(response.getData());
	expect([result.items.length, result.items[0].id]).toEqual([50, 63]);
	const filter = { '@id': [1] };
	const { items } = Object(await call(client, 'crm.item.list', { entityTypeId: 1, filter, select: ['*', 'title'] }));
	expect(items).toEqual([expect.not.objectContaining({ fm: expect.anything() })]);
	const few = Object(await call(client, 'crm.item.list', { entityTypeId: 1, filter, select: ['title'] }));
	expect(few.items).toEqual([{ id: 1, title: 'Website form: price request' }]);
});

it('reads deals, tasks and people, each with its own permission', async () => {
	const client = await connect();
	portal.records.add('deal', { TITLE: 'Ten chairs', UF_CRM_SIZE: 'XL' });
	portal.records.add('task', { TITLE: 'Call Carol' });
	expect(await call(client, 'crm.item.list', { entityTypeId: 2 })).toMatchObject({
		items: [{ id: 1, entityTypeId: 2, title: 'Ten chairs', ufCrmSize: 'XL' }],
	});
	const tasks = { filter: { ID: [1, 99] }, select: ['*', 'UF_*'] };
	expect(await call(client, 'tasks.task.list', tasks)).toEqual({ tasks: [{ id: '1', title: 'Call Carol' }] });
	expect(await call(client, 'user.get', { FILTER: { ID: [15] } })).toMatchObject([{ ID: '15', NAME: 'Bob' }]);
	portal.app.scope = ['crm'];
	await expect(call(client, 'tasks.task.list', tasks)).rejects.toThrow('higher privileges');
});

it('batches, as one call for the rate', async () => {
	const client = await connect();
	const before = portal.calls.length;
	const result = await client.actions.v2.batch.make({
		calls: { me: { method: 'profile' }, lead: { method: 'crm.item.get', params: { entityTypeId: 1, id: 1 } } },
		options: { isHaltOnError: false },
	});
	expect(result.getData()).toMatchObject({ me: { ID: '1' }, lead: { item: { id: 1 } } });
	expect(portal.calls.slice(before).map(({ method }) => method)).toEqual(['batch']);
});

it('finds a renamed portal by the renewal of its token, which names the new address', async () => {
	const client = await connect();
	let renewed: B24OAuthParams | undefined;
	client.setCallbackRefreshAuth(async ({ b24OAuthParams }) => {
		renewed = b24OAuthParams;
	});
	const moved = await portal.renameTo('renamed.bitrix24.com');
	await client.auth.refreshAuth();
	expect(renewed).toMatchObject({ clientEndpoint: `${moved}/rest/`, memberId: portal.memberId });
	if (!renewed) throw new Error('The client said nothing of the renewal');
	expect(await call(clientWith(renewed), 'profile')).toMatchObject({ ID: '1' });
});
