import type { IDataObject } from 'n8n-workflow';

import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { challengeOf } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

type Changes = Parameters<typeof deliver>[0];

const elsewhere = 'http://127.0.0.1:6666/rest/';
const endpoint = connectedApp.oauthTokenData.client_endpoint;
const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const day = 24 * 60 * 60_000;

/** Static data of a trigger that has learned its token, in a process that judged a delivery in full just now. */
async function learned(): Promise<IDataObject> {
	const staticData = {};
	await deliver({ payload: testEvent(challengeOf('learn')), staticData, credentials: learning });
	return staticData;
}

/** Credentials that count how often they are read. */
function counted(credential: object = connectedApp) {
	const reads = { count: 0 };
	const credentials = {
		get bitrix24OAuth2Api() {
			reads.count++;
			return credential;
		},
	};
	return { reads, credentials };
}

/** Lets what nobody waits for happen. */
const meanwhile = async () => await new Promise((resolve) => setTimeout(resolve, 5));
const asked = ({ portal }: Awaited<ReturnType<typeof deliver>>) => portal.calls.map(({ method }) => method);

afterEach(() => jest.restoreAllMocks());

describe('receive, knowing the token by itself', () => {
	it('starts the workflow without its credential, and asks the portal nothing', async () => {
		const delivered = await deliver({ payload: leadDeleted(), staticData: await learned(), credentials: {} });
		expect([delivered.items.length, delivered.portal.calls, delivered.log]).toEqual([1, [], []]);
	});

	const other: Array<[string, Changes]> = [
		['the node names another credential', { credentialId: 'credential-2' }],
		['the node names a credential without an id', { credentialId: null }],
		['the delivery names another endpoint', { payload: withAuth({ client_endpoint: elsewhere }) }],
		['the delivery names no endpoint', { payload: withAuth({ client_endpoint: undefined }) }],
		['the delivery names another portal', { payload: withAuth({ member_id: 'f'.repeat(32) }) }],
		['the delivery has another token', { payload: withAuth({ application_token: secrets.otherApplicationToken }) }],
		['the delivery has no token', { payload: withAuth({ application_token: undefined }) }],
		['the editor listens', { mode: 'manual' }],
		['it may teach a token', { payload: testEvent(challengeOf('learn', Date.now() + 30_000)) }],
		['an earlier version has stored it', { staticData: { applicationToken: { hash: 'a'.repeat(64) } } }],
	];
	it.each(other)('reads the credential where %s', async (_name, changes) => {
		const { reads, credentials } = counted();
		await deliver({ payload: leadDeleted(), staticData: await learned(), ...changes, credentials });
		expect(reads.count).toBe(1);
		processState.tokenWatches.clear();
		const without = await deliver({ payload: leadDeleted(), staticData: await learned(), ...changes, credentials: {} });
		expect(without.answers).toMatchObject([{ status: 500, body: { error: 'NOT_CONFIGURED' } }]);
	});

	it('never takes a token without a credential id for proven, even where neither has one', async () => {
		const staticData: IDataObject = {};
		const lesson = { payload: testEvent(challengeOf('learn')), staticData, credentials: learning };
		await deliver({ ...lesson, credentialId: null });
		expect(staticData.applicationToken).toMatchObject({ credentialId: '' });
		const { answers } = await deliver({ payload: leadDeleted(), staticData, credentials: {}, credentialId: '' });
		expect(answers).toMatchObject([{ status: 500 }]);
	});

	it.each([
		['another workflow has caused', testEvent('theirs')],
		['has taught it before', testEvent(challengeOf('learn', Date.now() - 1_000))],
		['shows a sample', testEvent(challengeOf('sample', Date.now() + 1_000))],
	])('takes a test event for an ordinary one that %s', async (_name, payload) => {
		const { answers } = await deliver({ payload, staticData: await learned(), credentials: {} });
		expect(answers).toMatchObject([{ status: 200 }]);
	});

	it('says who did it without its credential', async () => {
		const portal = simulatedPortal();
		portal.acceptToken(secrets.eventAccessToken);
		const parameters = { options: { includeUser: true } };
		const delivery = { payload: leadDeleted(), parameters, portal, credentials: {} };
		const { items } = await deliver({ ...delivery, staticData: await learned() });
		expect(items).toMatchObject([{ userName: 'Ada Lovelace' }]);
		expect(portal.calls.map(({ url }) => url)).toEqual([`${endpoint}profile.json`]);
	});
});

describe('receive, once a day', () => {
	it('judges one delivery by the credential, one at a time, and then uses the connection', async () => {
		const staticData = await learned();
		const { reads, credentials } = counted();
		const portal = simulatedPortal();
		const send = async (at: number) => {
			jest.spyOn(Date, 'now').mockReturnValue(at);
			return await Promise.all([1, 2, 3].map(async () => await deliver({ ...delivery, staticData })));
		};
		const delivery = { payload: leadDeleted(), credentials, portal };
		const now = Date.now();
		await send(now + 1_000);
		expect([reads.count, portal.calls]).toEqual([0, []]);
		const answers = await send(now + day + 1_000);
		await meanwhile();
		expect(answers.map(({ items }) => items.length)).toEqual([1, 1, 1]);
		expect([reads.count, portal.calls.map(({ method }) => method)]).toEqual([1, ['app.info']]);
		await send(now + 2 * day);
		expect(reads.count).toBe(1);
		// A clock that was set back says nothing about the last time.
		await send(now);
		expect(reads.count).toBe(2);
	});

	it('does so in each process', async () => {
		const staticData = await learned();
		processState.tokenWatches.clear();
		const { reads, credentials } = counted();
		await deliver({ payload: leadDeleted(), staticData, credentials });
		expect(reads.count).toBe(1);
	});

	it('refuses nothing because of it, whatever is wrong with the credential or the portal', async () => {
		const staticData = await learned();
		processState.tokenWatches.clear();
		const { items, log } = await deliver({ payload: leadDeleted(), staticData, credentials: {} });
		expect([items.length, log]).toEqual([1, [expect.stringContaining('its credential is missing, or of no use.')]]);
		processState.tokenWatches.clear();
		const portal = simulatedPortal();
		portal.answers.set('app.info', refused(403, 'ACCESS_DENIED', ''));
		const unhelped = await deliver({ payload: leadDeleted(), staticData, credentials: learning, portal });
		await meanwhile();
		expect([unhelped.items.length, asked(unhelped)]).toEqual([1, ['app.info']]);
	});

	it('uses the connection with a token in the credential, too', async () => {
		const portal = simulatedPortal();
		for (let count = 0; count < 3; count++) await deliver({ payload: leadDeleted(), credentials: given, portal });
		await meanwhile();
		expect(portal.calls.map(({ method }) => method)).toEqual(['app.info']);
		await deliver({ payload: leadDeleted(), credentials: given, portal, mode: 'manual', workflowId: 'another' });
		await meanwhile();
		expect(portal.calls).toHaveLength(1);
	});

	it.each([
		['another token', { ...connectedApp, applicationToken: secrets.otherApplicationToken }],
		['another app', { ...connectedApp, clientId: 'local.other' }],
		[
			'another portal',
			{ ...connectedApp, oauthTokenData: { ...connectedApp.oauthTokenData, member_id: 'e'.repeat(32) } },
		],
	])(
		'no longer believes what was learned where the credential has %s, and stores nothing',
		async (_name, credential) => {
			const staticData = await learned();
			const before = structuredClone(staticData);
			processState.tokenWatches.clear();
			const deliverWith = async (bitrix24OAuth2Api: object) =>
				await deliver({ payload: leadDeleted(), staticData, credentials: { bitrix24OAuth2Api } });
			expect((await deliverWith(credential)).answers).toMatchObject([{ status: 403 }]);
			expect((await deliverWith(credential)).answers).toMatchObject([{ status: 403 }]);
			expect((await deliverWith(connectedApp)).items).toHaveLength(1);
			expect((await deliver({ payload: leadDeleted(), staticData, credentials: {} })).items).toHaveLength(1);
			expect(staticData).toEqual(before);
		},
	);

	it('believes it where the credential has the same token', async () => {
		const staticData = await learned();
		processState.tokenWatches.clear();
		for (const credentials of [given, {}]) {
			expect((await deliver({ payload: leadDeleted(), staticData, credentials })).items).toHaveLength(1);
		}
	});
});

describe('the portal in an item', () => {
	const serverEndpoint = 'https://oauth.bitrix.info/rest/';
	const hostile = { client_endpoint: elsewhere, server_endpoint: elsewhere };
	const raw = { simplify: false };

	it.each([
		['names another endpoint', hostile],
		['names none', { client_endpoint: undefined, server_endpoint: undefined }],
	])('is the one of the credential where the delivery %s', async (_name, auth) => {
		const payload = withAuth(auth);
		expect((await deliver({ payload })).items).toMatchObject([{ portalEndpoint: endpoint }]);
		expect((await deliver({ payload, parameters: raw })).items).toMatchObject([
			{ auth: { client_endpoint: endpoint, server_endpoint: serverEndpoint } },
		]);
	});

	it('is the one that was learned where the credential is not read', async () => {
		const payload = withAuth({ server_endpoint: elsewhere });
		const { items } = await deliver({ payload, parameters: raw, staticData: await learned(), credentials: {} });
		expect(items).toMatchObject([{ auth: { client_endpoint: endpoint, server_endpoint: serverEndpoint } }]);
	});

	it.each([
		['no endpoint', undefined],
		['one that is no address', 'x'],
	])('is the portal URL of a credential whose authorization server has named %s', async (_name, client_endpoint) => {
		const oauthTokenData = { ...connectedApp.oauthTokenData, client_endpoint };
		const credentials = { bitrix24OAuth2Api: { ...given.bitrix24OAuth2Api, oauthTokenData } };
		expect((await deliver({ payload: leadDeleted(), credentials })).items).toMatchObject([
			{ portalEndpoint: endpoint },
		]);
	});

	it('is there where the delivery calls it a secret', async () => {
		const payload = withAuth({ refresh_token: endpoint });
		expect((await deliver({ payload })).items).toMatchObject([{ portalEndpoint: endpoint }]);
	});

	it('is the one of the credential in a sample', async () => {
		const payload = testEvent(challengeOf('sample'), { ...appAuth, ...hostile });
		expect((await deliver({ payload, mode: 'manual', credentials: learning })).items).toMatchObject([
			{ portalEndpoint: endpoint },
		]);
	});

	it('is looked up by the credential, once in ten minutes, where the delivery names another endpoint', async () => {
		const portal = simulatedPortal();
		const renamed = 'https://renamed.bitrix24.com/rest/';
		const location = `${renamed}app.info.json`;
		portal.answers.set('app.info', { statusCode: 302, headers: { location }, body: '' });
		const send = async (client_endpoint: string) => {
			const { items } = await deliver({ payload: withAuth({ client_endpoint }), portal });
			await meanwhile();
			return items[0]?.portalEndpoint;
		};
		// The call that keeps the connection alive comes first.
		await send(endpoint);
		processState.portalAddresses.clear();
		portal.calls.length = 0;
		// The portal cannot say where it is: the known address stands, and is not asked again.
		expect(await send(elsewhere)).toBe(endpoint);
		const attempts = portal.calls.length;
		expect(await send(elsewhere)).toBe(endpoint);
		expect([attempts > 0, portal.calls.length]).toEqual([true, attempts]);
		const { helpers } = portal;
		const { httpRequestWithAuthentication } = helpers;
		helpers.httpRequestWithAuthentication = async (type, options) => {
			if (options.url.startsWith('https://renamed')) portal.answers.clear();
			return await httpRequestWithAuthentication(type, options);
		};
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
		expect(await send(renamed)).toBe(renamed);
		expect(await send(renamed)).toBe(renamed);
		expect(new Set(portal.calls.map(({ url }) => new URL(url).hostname))).toEqual(
			new Set(['some-domain.bitrix24.com', 'renamed.bitrix24.com']),
		);
	});

	it("is, with the person, what the portal says of an event's access token", async () => {
		const portal = simulatedPortal();
		portal.acceptToken(secrets.eventAccessToken);
		const app = { status: 'P', scope: 'evil', expires: '999', expires_in: '999' };
		const lies = { ...hostile, domain: 'evil.example.com', user_id: '999', ...app };
		const delivery = { payload: withAuth(lies), portal, credentials: learning };
		expect((await deliver(delivery)).items).toMatchObject([
			{ portalEndpoint: endpoint, portalDomain: 'some-domain.bitrix24.com', userId: 1, applicationStatus: 'local' },
		]);
		const { items } = await deliver({ ...delivery, parameters: raw });
		expect(JSON.stringify(items)).not.toMatch(/evil|6666|999"/);
		expect(items).toMatchObject([
			{ auth: { member_id: appAuth.member_id, user_id: '1', server_endpoint: serverEndpoint } },
		]);
		expect(portal.calls.every(({ url }) => url.startsWith(endpoint))).toBe(true);
	});

	it('has the status of the credential where the portal names none', async () => {
		const portal = simulatedPortal();
		portal.acceptToken(secrets.eventAccessToken);
		const { id: ID, code: CODE } = portal.simulator.app;
		portal.answers.set('app.info', { statusCode: 200, headers: {}, body: { result: { ID, CODE } } });
		const { items } = await deliver({ payload: withAuth({ status: 'P' }), portal, credentials: learning });
		expect(items).toMatchObject([{ applicationStatus: 'local' }]);
	});
});
