import { receive } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { challengeOf } from '../../../fakes/challenge.mjs';
import { deliver, given, learning, outgoing } from '../../../fakes/deliver.mjs';
import { appAuth, formOf, leadDeleted, testEvent, webhookAuth } from '../../../fakes/delivery.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import type { Given } from '../../../fakes/webhookContext.mjs';
import { formRequest, webhookContext } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const answer = (status: number, error: string) => [
	{ status, body: { error, error_description: expect.stringMatching(/^[A-Z].*\.$/) } },
];

describe('receive', () => {
	it('starts the workflow with a proven event that is selected, and lets n8n answer', async () => {
		const { response, answers, log } = await deliver({ payload: leadDeleted() });
		expect(response).toEqual({
			workflowData: [[{ json: expect.objectContaining({ event: 'ONCRMLEADDELETE', leadId: 1000983, isTest: false }) }]],
		});
		expect([answers, log]).toEqual([[], []]);
	});

	it.each([
		['', leadDeleted()],
		[" with the form's keys", Object.fromEntries(new URLSearchParams(formOf(leadDeleted())))],
	])('starts the workflow with a delivery that a relay turned into JSON%s', async (_name, body) => {
		const request = {
			headers: { 'content-type': 'application/json' },
			body,
			rawBody: Buffer.from(JSON.stringify(body)),
		};
		expect((await deliver({ request })).items).toMatchObject([{ leadId: 1000983 }]);
	});

	it.each([
		['under its older name', ['ONLEADDELETE']],
		['in the other list', ['ONCRMDEALADD', 'ONCRMLEADDELETE']],
	])('starts the workflow with an event that is selected %s', async (_name, events) => {
		expect((await deliver({ payload: leadDeleted(), parameters: { events } })).items).toHaveLength(1);
	});

	it('knows the portal by its member id: a renamed one keeps working', async () => {
		const { items } = await deliver({ payload: withAuth({ domain: 'renamed.bitrix24.com' }) });
		expect(items).toMatchObject([{ portalDomain: 'renamed.bitrix24.com' }]);
	});

	it.each([true, false])('adds to an item what the user wants, and nothing else (simplified: %p)', async (simplify) => {
		const portal = simulatedPortal();
		portal.acceptToken(secrets.eventAccessToken);
		const options = { includeUser: true, includeRecord: true };
		const { items } = await deliver({ payload: leadDeleted(), parameters: { simplify, options }, portal });
		// The trigger's step in the run fills the record in.
		const added = { userName: 'Ada Lovelace', userIsAdmin: true, record: null };
		expect(items).toMatchObject([{ ...added, isTest: false }]);
		expect(portal.callsOf('profile')).toEqual([{ auth: secrets.eventAccessToken }]);
		const plain = await deliver({ payload: leadDeleted(), parameters: { simplify } });
		expect(Object.keys(plain.items[0] ?? {})).toEqual(Object.keys(items[0] ?? {}).filter((key) => !(key in added)));
	});

	it.each([true, false])('says of the event that tests cause that it is one (simplified: %p)', async (simplify) => {
		const { items } = await deliver({ payload: testEvent('x'), parameters: { simplify, otherEvents: ['ONAPPTEST'] } });
		expect(items).toMatchObject([{ event: 'ONAPPTEST', isTest: true }]);
	});

	it.each<[string, Given['payload'], Given['parameters']?]>([
		['of another kind', leadDeleted({ event: 'ONCRMLEADADD' })],
		['where none is selected', leadDeleted(), { events: [] }],
		["that another workflow's test caused", testEvent('whatever')],
		['of a person who is ignored', leadDeleted(), { options: { ignoreUserIds: '12, 1' } }],
	])('answers 200 and starts nothing for a proven event %s', async (_name, payload, parameters = {}) => {
		const { items, answers, log } = await deliver({ payload, parameters });
		expect(items).toEqual([]);
		expect(answers).toEqual([{ status: 200, body: { message: 'Received' } }]);
		expect(log).toEqual([]);
	});

	it.each([
		['missing', undefined],
		['empty', ''],
		['wrong', secrets.otherApplicationToken],
		['a list', [secrets.applicationToken]],
		['a map', { a: secrets.applicationToken }],
		['very long', secrets.applicationToken.repeat(10_000)],
	])('answers 403 and starts nothing when the application token is %s', async (_name, sent) => {
		const { response, answers } = await deliver({ payload: withAuth({ application_token: sent }) });
		expect(response).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(answer(403, 'INVALID_APPLICATION_TOKEN'));
	});

	it.each([undefined, 'ffffffffffffffffffffffffffffffff'])('answers 403 to portal %p', async (memberId) => {
		const { items, answers } = await deliver({ payload: withAuth({ member_id: memberId }) });
		expect(items).toEqual([]);
		expect(answers).toEqual(answer(403, 'WRONG_PORTAL'));
	});

	it('refuses what is older than the user allows, once it is proven', async () => {
		const parameters = { options: { maxAgeMinutes: 10 } };
		const now = jest.spyOn(Date, 'now').mockReturnValue(1742807199_000 + 600_000);
		expect((await deliver({ payload: leadDeleted(), parameters })).items).toHaveLength(1);
		now.mockReturnValue(1742807199_000 + 600_001);
		const { items, answers } = await deliver({ payload: leadDeleted(), parameters });
		expect([items, answers]).toEqual([[], answer(403, 'EXPIRED_EVENT')]);
		const unproven = await deliver({ payload: withAuth({ application_token: 'x' }), parameters });
		expect(unproven.answers).toEqual(answer(403, 'INVALID_APPLICATION_TOKEN'));
		now.mockRestore();
	});

	it.each([
		['is empty', formRequest('')],
		['has no event', formRequest('a=b')],
		['nests deeper than a portal does', formRequest(`${formOf(leadDeleted())}&a${'[b]'.repeat(20)}=c`)],
		['is a list', { ...formRequest('[]', 'application/json'), body: [leadDeleted()] }],
	])('answers 400 and starts nothing when the body %s', async (_name, request) => {
		const { response, answers } = await deliver({ request });
		expect(response).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(answer(400, 'INVALID_EVENT'));
	});

	it.each([
		['is missing', {}],
		['is not connected', { bitrix24OAuth2Api: { ...given.bitrix24OAuth2Api, oauthTokenData: undefined } }],
		['cannot be read', { bitrix24OAuth2Api: new Error('secret detail') }],
	])('answers 500 without details when the credential %s', async (_name, credentials) => {
		const { items, answers } = await deliver({ payload: leadDeleted(), credentials });
		expect(items).toEqual([]);
		expect(answers).toEqual([
			{
				status: 500,
				body: { error: 'NOT_CONFIGURED', error_description: 'The trigger is not ready to receive events.' },
			},
		]);
	});

	it('does not care for the credential before it has an event', async () => {
		expect((await deliver({ request: formRequest(''), credentials: {} })).answers).toEqual(
			answer(400, 'INVALID_EVENT'),
		);
	});
});

describe('receive, for an outgoing webhook', () => {
	const parameters = { authentication: 'outgoingWebhook' };
	const payload = leadDeleted({ auth: webhookAuth });

	it('starts the workflow with a proven event', async () => {
		const wanted = { ...parameters, options: { includeUser: true } };
		const { items, portal } = await deliver({ payload, parameters: wanted, credentials: outgoing });
		const unknown = { applicationStatus: null, userId: null, userName: null, userIsAdmin: null };
		expect(items).toMatchObject([{ leadId: 1000983, ...unknown }]);
		expect(portal.calls).toEqual([]);
	});

	it('answers 403 to a wrong token and to another portal', async () => {
		const credential = { ...outgoing.bitrix24OutgoingWebhookApi, portalUrl: 'https://other.bitrix24.com' };
		const elsewhere = { bitrix24OutgoingWebhookApi: credential };
		const wrong = leadDeleted({ auth: { ...webhookAuth, application_token: 'x' } });
		expect((await deliver({ payload: wrong, parameters, credentials: outgoing })).answers).toEqual(
			answer(403, 'INVALID_APPLICATION_TOKEN'),
		);
		expect((await deliver({ payload, parameters, credentials: elsewhere })).answers).toEqual(
			answer(403, 'WRONG_PORTAL'),
		);
	});

	it('answers 500 without a token in the credential, and logs why', async () => {
		const credentials = { bitrix24OutgoingWebhookApi: { applicationToken: '' } };
		const { answers, log } = await deliver({ payload, parameters, credentials });
		expect(answers).toEqual(answer(500, 'NOT_CONFIGURED'));
		expect(log).toEqual([expect.stringContaining('holds no application token')]);
	});

	it('says that the credential cannot be read, whatever n8n throws', async () => {
		const { context, answers, log } = webhookContext({ payload, parameters });
		context.getCredentials = async () => await Promise.reject('a text');
		expect(await receive(context)).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(answer(500, 'NOT_CONFIGURED'));
		expect(log).toEqual([expect.stringMatching(/\(NOT_CONFIGURED\): the credential cannot be read\.$/)]);
	});
});

const canaries = Object.entries(secrets).flatMap(([name, value]) => (name === 'note' ? [] : [value]));
const wrong = { ...appAuth, application_token: secrets.otherApplicationToken };
const acceptsEventToken = () => {
	const portal = simulatedPortal();
	portal.acceptToken(secrets.eventAccessToken);
	return portal;
};
const refusesEverything = () => {
	const portal = simulatedPortal();
	for (const method of ['app.info', 'event.unbind']) portal.answers.set(method, refused(403, 'ACCESS_DENIED', 'no'));
	return portal;
};
const dataWithTokens = {
	BOT: { AUTH: appAuth },
	TEXT: `see ${secrets.eventAccessToken}`,
	ID: secrets.applicationToken,
};

describe('receive', () => {
	it.each([
		['starts a workflow', { payload: leadDeleted() }, 1],
		['starts a workflow with the raw payload', { payload: leadDeleted(), parameters: { simplify: false } }, 1],
		['starts a workflow with tokens in its data', { payload: leadDeleted({ data: dataWithTokens }) }, 1],
		['has raw tokens', { payload: leadDeleted({ data: dataWithTokens }), parameters: { simplify: false } }, 1],
		['names a user', { payload: leadDeleted(), parameters: { options: { includeUser: true } } }, 1],
		['is not selected', { payload: leadDeleted({ event: 'ONCRMLEADADD' }) }, 0],
		['is refused', { payload: leadDeleted({ auth: wrong }) }, 0],
		['is of another portal', { payload: leadDeleted({ auth: { ...appAuth, member_id: 'x' } }) }, 0],
		['teaches the token', { payload: testEvent(challengeOf('learn')), credentials: learning }, 0],
		['proves itself', { payload: leadDeleted(), credentials: learning, portal: acceptsEventToken() }, 1],
		['cannot prove itself', { payload: leadDeleted(), credentials: learning, portal: refusesEverything() }, 0],
		[
			'teaches the token while the portal refuses everything',
			{ payload: testEvent(challengeOf('learn')), credentials: learning, portal: refusesEverything() },
			0,
		],
		['is a sample', { payload: testEvent(challengeOf('sample')), credentials: learning, mode: 'manual' as const }, 1],
		['is no event', { request: formRequest(`auth[application_token]=${secrets.applicationToken}`) }, 0],
		['finds no credential', { payload: leadDeleted(), credentials: {} }, 0],
		[
			'is of an outgoing webhook',
			{
				payload: leadDeleted({ auth: webhookAuth }),
				credentials: outgoing,
				parameters: { authentication: 'outgoingWebhook' },
			},
			1,
		],
	])('gives no secret away when a delivery %s', async (_name, changes, started) => {
		const { items, answers, log, staticData } = await deliver({ credentials: given, ...changes });
		expect(items).toHaveLength(started);
		const seen = JSON.stringify([items, answers, log, staticData]);
		for (const canary of canaries) expect(seen).not.toContain(canary);
	});

	const notTheirs = "its application token is not the credential's (reinstalling an app changes it)";
	const elsewhere = leadDeleted({ auth: { ...wrong, domain: `${wrong.application_token}.com` } });
	const named = 'some-domain.bitrix24.com';
	it.each<[string, Given, string]>([
		['a wrong token', { payload: leadDeleted({ auth: wrong }) }, `${named} (INVALID_APPLICATION_TOKEN): ${notTheirs}`],
		['a name with a token', { payload: elsewhere }, `an unnamed sender (INVALID_APPLICATION_TOKEN): ${notTheirs}`],
		[
			'no token',
			{ payload: withAuth({ application_token: undefined }) },
			`${named} (INVALID_APPLICATION_TOKEN): it carries no application token`,
		],
		[
			'another portal',
			{ payload: withAuth({ member_id: 'x' }) },
			`${named} (WRONG_PORTAL): it comes from another portal than the credential`,
		],
		[
			'no proof while the token is not known',
			{ payload: withAuth({ access_token: undefined }), credentials: learning },
			`${named} (INVALID_APPLICATION_TOKEN): the application token is not known yet, and the event does not prove itself by an access token`,
		],
		['nothing', { request: formRequest('') }, 'an unnamed sender (INVALID_EVENT): it is not an event'],
		['no name', { payload: leadDeleted({ event: '' }) }, `${named} (INVALID_EVENT): it is not an event`],
		[
			'an old event',
			{ payload: leadDeleted(), parameters: { options: { maxAgeMinutes: 1 } } },
			`${named} (EXPIRED_EVENT): it is too old, or from the future`,
		],
	])('logs why a delivery with %s is refused, and which portal it names', async (_name, changes, line) => {
		const { log } = await deliver(changes);
		expect(log).toContain(
			`Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: rejected a delivery of ${line}.`,
		);
	});
});
