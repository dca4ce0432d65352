import { asOutgoingWebhook } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const type = 'bitrix24OutgoingWebhookApi';

test('activating and deactivating it asks nothing of the portal', async () => {
	const { n8n, portal } = await asOutgoingWebhook(openTrigger);
	await n8n.activate('init');
	await n8n.deactivate();
	expect(portal.calls).toEqual([]);
});

test('what it starts the workflow with has no user and no application status', async () => {
	const { n8n, portal, settled } = await asOutgoingWebhook(openTrigger);
	portal.leads.delete(2);
	await settled();
	expect(n8n.executions[0]?.items).toEqual([
		{
			event: 'ONCRMLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id: 2,
			leadId: 2,
			sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
			portalDomain: portal.domain,
			portalMemberId: portal.memberId,
			portalEndpoint: `${portal.portalUrl}/rest/`,
			applicationStatus: null,
			userId: null,
			isTest: false,
		},
	]);
});

describe('with a portal URL', () => {
	test.each([
		['another portal', 'evil.example.com'],
		['no portal', undefined],
		['several portals', ['your-company.bitrix24.com', 'evil.example.com']],
	])('refuses a delivery that names %s', async (_, domain) => {
		const { n8n, genuine, receive } = await asOutgoingWebhook(openTrigger);
		const delivery = await genuine({ domain });
		await n8n.credentials.change(type, { portalUrl: 'https://your-company.bitrix24.com' });
		expect(await receive(delivery)).toMatchObject({ status: 403, body: { error: 'WRONG_PORTAL' } });
		expect(n8n.executions).toEqual([]);
	});
});

test('an access token proves nothing: no app is behind it', async () => {
	const { n8n, portal, receive } = await asOutgoingWebhook(openTrigger);
	const fromApp = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1' } });
	expect(await receive(fromApp)).toMatchObject({ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } });
	expect(n8n.executions).toEqual([]);
});
