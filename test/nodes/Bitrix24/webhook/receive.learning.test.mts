import type { IDataObject } from 'n8n-workflow';

import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { receive } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { challengeOf } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl, webhookContext } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const other = { ...appAuth, application_token: secrets.otherApplicationToken };
const received = [{ status: 200, body: { message: 'Received' } }];
const refused = [{ status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) }];

/** Delivers to a trigger that has no token in its credential. */
const deliverTo = async (staticData: IDataObject, payload: { [key: string]: unknown }) =>
	await deliver({ payload, staticData, credentials: learning });

/** Waits for what a delivery has begun and does not wait for. */
const unbound = async () => await processState.tokenWatches.get('workflow-1/node-1')?.unbinding;

/** Static data of a trigger that has learned its token. */
async function learnedAt(issuedAt: number, auth = appAuth): Promise<IDataObject> {
	const staticData = {};
	await deliverTo(staticData, testEvent(challengeOf('learn', issuedAt), auth));
	return staticData;
}

describe('receive, learning the application token', () => {
	it('learns it from the challenge that comes back, answers 200, and starts nothing', async () => {
		const portal = simulatedPortal();
		portal.bind({ event: 'ONAPPTEST', handler: productionUrl, auth_type: '0', offline: 0 });
		const payload = testEvent(challengeOf('learn'));
		const { response, answers, staticData } = await deliver({ payload, portal, credentials: learning });
		// n8n stores static data before it answers so, and after it where the node answers by itself.
		expect(response).toEqual({ webhookResponse: { message: 'Received' } });
		expect(answers).toEqual(received);
		await unbound();
		expect(portal.handlers()).toEqual([]);
		expect((await deliverTo(staticData, leadDeleted())).items).toHaveLength(1);
		expect((await deliverTo(staticData, leadDeleted({ auth: other }))).answers).toEqual(refused);
	});

	it('keeps the handler of the test event where the user selected that event', async () => {
		const payload = testEvent(challengeOf('learn'));
		const parameters = { events: [], otherEvents: ['onAppTest'] };
		const { portal, items, answers } = await deliver({ payload, parameters, credentials: learning });
		expect(portal.calls).toEqual([]);
		expect([items, answers]).toEqual([[], received]);
	});

	it.each([
		['with another client secret', challengeOf('learn', undefined, { clientSecret: 'guessed' })],
		['of another workflow', challengeOf('learn', undefined, { workflowId: 'workflow-2' })],
		['that is more than ten minutes old', challengeOf('learn', Date.now() - 601_000)],
		['from the future', challengeOf('learn', Date.now() + 61_000)],
		['for a sample', challengeOf('sample')],
		['that is a sample called another', challengeOf('sample').replace('sample', 'learn')],
	])('learns nothing from a challenge %s', async (_name, challenge) => {
		const staticData = {};
		const { answers, items } = await deliverTo(staticData, testEvent(challenge, other));
		expect([answers, items, staticData]).toEqual([refused, [], {}]);
	});

	it('learns nothing while the credential has a token', async () => {
		const { staticData, answers } = await deliver({ payload: testEvent(challengeOf('learn')), credentials: given });
		expect([staticData, answers]).toEqual([{}, received]);
	});

	it('proves nothing by the challenge that taught the token, nor by an older one, once they are known', async () => {
		const now = Date.now();
		const staticData = await learnedAt(now - 1_000);
		const before = structuredClone(staticData);
		for (const issuedAt of [now - 1_000, now - 2_000]) {
			const { answers } = await deliverTo(staticData, testEvent(challengeOf('learn', issuedAt), other));
			expect(answers).toEqual(refused);
		}
		expect(staticData).toEqual(before);
	});

	it('learns the new token of a reinstalled app from a later challenge', async () => {
		const staticData = await learnedAt(Date.now() - 2_000);
		await deliverTo(staticData, testEvent(challengeOf('learn', Date.now() - 1_000), other));
		expect((await deliverTo(staticData, leadDeleted({ auth: other }))).items).toHaveLength(1);
		expect((await deliverTo(staticData, leadDeleted())).answers).toEqual(refused);
	});

	it.each([
		['app', { ...connectedApp, clientId: 'local.other' }],
		['portal', { ...connectedApp, oauthTokenData: { ...connectedApp.oauthTokenData, member_id: 'e'.repeat(32) } }],
	])('forgets the token of another %s, where it looks', async (_name, credential) => {
		const staticData = await learnedAt(Date.now());
		const auth = { ...appAuth, member_id: credential.oauthTokenData.member_id };
		const credentials = { bitrix24OAuth2Api: credential };
		processState.tokenWatches.clear();
		expect((await deliver({ payload: leadDeleted({ auth }), staticData, credentials })).answers).toEqual(refused);
	});
});

describe('receive, before the application token is known', () => {
	const deliverBefore = async (auth: object, ofOtherApp = false) => {
		const portal = simulatedPortal();
		portal.acceptToken(secrets.eventAccessToken, { ofOtherApp });
		return await deliver({ payload: leadDeleted({ auth }), portal, credentials: learning });
	};

	it("believes an event whose access token the credential's portal accepts for this app", async () => {
		const { items, portal, staticData } = await deliverBefore({ ...appAuth, client_endpoint: 'https://evil.example/' });
		expect(items).toMatchObject([{ leadId: 1000983 }]);
		expect(portal.calls.map(({ url }) => new URL(url).host)).toEqual(Array(4).fill('some-domain.bitrix24.com'));
		expect(staticData).toEqual({});
	});

	it.each([
		['without an access token', { ...appAuth, access_token: undefined }, false],
		['with a made-up one', { ...appAuth, access_token: 'made-up' }, false],
		['with one of another app', appAuth, true],
	])('starts nothing for an event %s', async (_name, auth, ofOtherApp) => {
		const { items, answers } = await deliverBefore(auth, ofOtherApp);
		expect([items, answers]).toEqual([[], refused]);
	});
});

/** Delivers to whoever listens in the editor. */
const listen = async (changes: Parameters<typeof deliver>[0]) =>
	await deliver({ payload: testEvent(challengeOf('sample')), mode: 'manual', credentials: learning, ...changes });

describe('receive, while the editor listens', () => {
	it.each([
		['learned', learning],
		['given', given],
	])('shows a sample in the shape of the first selected event (token to be %s)', async (_name, credentials) => {
		const parameters = { events: ['ONTASKADD', 'ONCRMLEADDELETE'] };
		const { items, staticData } = await listen({ credentials, parameters });
		expect(items).toEqual([
			expect.objectContaining({
				event: 'ONTASKADD',
				entity: 'task',
				action: 'add',
				id: 123,
				sentAt: '2025-03-24T09:06:39.000Z',
				isTest: true,
				data: expect.objectContaining({ FIELDS_AFTER: { ID: '123' } }),
			}),
		]);
		expect(staticData).toEqual({});
	});

	it('shows a sample as Bitrix24 names it where the user wants it raw, and nothing of the challenge', async () => {
		const challenge = challengeOf('sample');
		const { items } = await listen({ payload: testEvent(challenge), parameters: { simplify: false } });
		expect(items).toMatchObject([
			{ event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: '1000983' } }, ts: '1742807199', isTest: true },
		]);
		expect(JSON.stringify(items)).not.toContain(challenge);
	});

	it('shows a sample of an event without data', async () => {
		const { items } = await listen({ parameters: { events: ['ONOFFLINEEVENT'], simplify: false } });
		expect(items).toMatchObject([{ event: 'ONOFFLINEEVENT' }]);
		expect(items[0]).not.toHaveProperty('data');
	});

	it('shows the test event itself where none is selected', async () => {
		expect((await listen({ parameters: { events: [] } })).items).toMatchObject([{ event: 'ONAPPTEST', isTest: true }]);
	});

	it('shows a sample however old deliveries may be: its challenge says that it is new', async () => {
		expect((await listen({ parameters: { options: { maxAgeMinutes: 1 } } })).items).toHaveLength(1);
	});

	it.each([
		['is too old', challengeOf('sample', Date.now() - 601_000)],
		['is of another workflow', challengeOf('sample', undefined, { workflowId: 'workflow-2' })],
		['was made to learn the token', challengeOf('learn')],
	])('shows no sample for a challenge that %s', async (_name, challenge) => {
		const { items, answers, staticData } = await listen({ payload: testEvent(challenge) });
		expect([items, staticData]).toEqual([[], {}]);
		expect(answers).toMatchObject([{ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } }]);
	});

	it('shows no sample outside the editor', async () => {
		const { items, answers } = await listen({ mode: 'webhook' });
		expect(items).toEqual([]);
		expect(answers).toMatchObject([{ status: 403 }]);
	});

	it('shows a real event, under the same proofs', async () => {
		expect((await listen({ payload: leadDeleted(), credentials: given })).items).toMatchObject([{ isTest: false }]);
		expect((await listen({ payload: leadDeleted() })).answers).toMatchObject([{ status: 403 }]);
	});
});

describe('an outdated token', () => {
	const credentials = {
		bitrix24OAuth2Api: { ...connectedApp, applicationToken: 'the-one-before-the-app-was-reinstalled' },
	};

	/** What arrives while the editor listens, with the challenge that was sent for it. */
	async function listen(change: (challenge: string) => string = (challenge) => challenge) {
		const { context, portal } = hookContext({ credentials, mode: 'manual' });
		await create(context);
		const challenge = change(String(portal.callsOf('event.test')[0]?.challenge));
		return webhookContext({ payload: testEvent(challenge, appAuth), credentials, mode: 'manual' });
	}

	describe('an application token that the app no longer has', () => {
		it('is told to the person who listens in the editor, as a warning with what to do beside it', async () => {
			const { context } = await listen();
			const thrown: unknown = await receive(context).catch((error: unknown) => error);
			expect(thrown).toMatchObject({
				level: 'warning',
				message: expect.stringMatching(/not the one that the app has .* Empty the field "Application Token"/),
				description: expect.stringMatching(/^Empty the field "Application Token"/),
			});
			expect(String(thrown)).not.toContain(appAuth.application_token);
		});

		it('is told to nobody who sends something made up', async () => {
			const { context, answers } = await listen((challenge) => `${challenge.slice(0, -1)}x`);
			expect(await receive(context)).toEqual({ noWebhookResponse: true });
			expect(answers).toEqual([{ status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) }]);
		});
	});
});
