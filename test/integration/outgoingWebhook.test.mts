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

test.each([', ', '\n', ' ,\n\n , '])(
	'of several tokens, separated by %j, each proves a delivery',
	async (separator) => {
		const { n8n, token, genuine, receive } = await asOutgoingWebhook(openTrigger);
		const tokens = ['first', token, 'third'];
		const deliveries = [];
		for (const one of [...tokens, 'fourth', tokens.join(separator)]) {
			deliveries.push(await genuine({ application_token: one }));
		}
		await n8n.credentials.change(type, { applicationToken: tokens.join(separator) });
		const statuses = [];
		for (const delivery of deliveries) statuses.push((await receive(delivery)).status);
		expect(statuses).toEqual([200, 200, 200, 403, 403]);
		expect(n8n.executions).toHaveLength(3);
	},
);

describe('with a portal URL', () => {
	test.each([
		['as it is', (url: string) => url],
		['with a slash and spaces', (url: string) => ` ${url}/ `],
		['without a scheme', (url: string) => new URL(url).host],
		['of a page', (url: string) => `${url}/crm/lead/list/`],
	])('%s accepts that portal', async (_, write) => {
		const { n8n, portal, genuine, receive } = await asOutgoingWebhook(openTrigger);
		const delivery = await genuine();
		await n8n.credentials.change(type, { portalUrl: write(portal.portalUrl) });
		expect(await receive(delivery)).toMatchObject({ status: 200 });
		expect(n8n.executions).toHaveLength(1);
	});

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
