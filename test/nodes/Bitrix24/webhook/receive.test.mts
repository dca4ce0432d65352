import { deliver, given } from '../../../fakes/deliver.mjs';
import { appAuth, formOf, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { formRequest } from '../../../fakes/webhookContext.mjs';
import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const { leadDeleted: seed } = deliveries;

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

	it("starts the workflow with the delivery of the user's document", async () => {
		const { items } = await deliver({ request: formRequest(seed.body) });
		expect(items).toEqual([
			{
				event: 'ONLEADDELETE',
				entity: 'lead',
				action: 'delete',
				id: 1000983,
				leadId: 1000983,
				sentAt: '2025-03-24T09:06:39.000Z',
				portalDomain: 'some-domain.bitrix24.com',
				portalMemberId: 'a223c6b3710f85df22e9377d6c4f7553',
				portalEndpoint: 'https://some-domain.bitrix24.com/rest/',
				applicationStatus: 'local',
				userId: null,
				isTest: false,
			},
		]);
	});

	it('starts the workflow with a delivery that a relay turned into JSON', async () => {
		const body = leadDeleted();
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

	it.each([
		['of another kind', leadDeleted({ event: 'ONCRMLEADADD' })],
		["that another workflow's test caused", testEvent('whatever')],
	])('answers 200 and starts nothing for a proven event %s', async (_name, payload) => {
		const { response, answers, log } = await deliver({ payload });
		expect(response).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual([{ status: 200, body: { message: 'Received' } }]);
		expect(log).toEqual([]);
	});

	it('answers 200 and starts nothing where no event is selected', async () => {
		const { items, answers } = await deliver({ payload: leadDeleted(), parameters: { events: [] } });
		expect([items, answers]).toEqual([[], [{ status: 200, body: { message: 'Received' } }]]);
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

	it('answers 403 when the token stands there twice', async () => {
		const body = `${formOf(leadDeleted())}&auth[application_token]=${secrets.applicationToken}`;
		expect((await deliver({ request: formRequest(body) })).answers).toEqual(answer(403, 'INVALID_APPLICATION_TOKEN'));
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
		['reaches for a prototype', formRequest(`${formOf(leadDeleted())}&__proto__[a]=b`)],
		['is plain text', formRequest(formOf(leadDeleted()), 'text/plain')],
		['is XML that n8n has parsed', { ...formRequest('<event/>', 'text/xml'), body: leadDeleted() }],
		['is a list', { ...formRequest('[]', 'application/json'), body: [leadDeleted()] }],
		['has no content type', { ...formRequest(formOf(leadDeleted())), headers: {} }],
	])('answers 400 and starts nothing when the body %s', async (_name, request) => {
		const { response, answers } = await deliver({ request });
		expect(response).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(answer(400, 'INVALID_EVENT'));
	});

	it.each([
		['is missing', {}],
		['is not connected', { bitrix24OAuth2Api: { ...given.bitrix24OAuth2Api, oauthTokenData: undefined } }],
		['can not be read', { bitrix24OAuth2Api: new Error('secret detail') }],
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
