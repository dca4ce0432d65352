import type { IDataObject } from 'n8n-workflow';

import { challengeOf } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const other = { ...appAuth, application_token: secrets.otherApplicationToken };
const received = [{ status: 200, body: { message: 'Received' } }];
const refused = [{ status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) }];

/** Delivers to a trigger that has no token in its credential. */
const deliverTo = async (staticData: IDataObject, payload: { [key: string]: unknown }) =>
	await deliver({ payload, staticData, credentials: learning });

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
		expect(response).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(received);
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
		['of another node', challengeOf('learn', undefined, { nodeId: 'node-2' })],
		['of another portal', challengeOf('learn', undefined, { memberId: 'f'.repeat(32) })],
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
	])('forgets the token of another %s', async (_name, credential) => {
		const staticData = await learnedAt(Date.now());
		const auth = { ...appAuth, member_id: credential.oauthTokenData.member_id };
		const credentials = { bitrix24OAuth2Api: credential };
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
		expect(portal.calls.map(({ url }) => new URL(url).host)).toEqual(Array(2).fill('some-domain.bitrix24.com'));
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
