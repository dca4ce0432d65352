import { asApp } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const events = ['ONCRMLEADDELETE', 'ONTASKUPDATE', 'ONCRMCURRENCYADD', 'ONCRMDYNAMICITEMADD_1220'];

test('a deleted lead becomes one flat item', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, {
		portal: { domain: 'some-domain.bitrix24.com', now: () => Date.parse('2025-03-24T09:06:39.700Z') },
	});
	portal.leads.add({ ID: 1000983 });
	portal.leads.delete(1000983);
	await settled();
	expect(n8n.executions).toEqual([
		{
			mode: 'webhook',
			items: [
				{
					event: 'ONCRMLEADDELETE',
					entity: 'lead',
					action: 'delete',
					id: 1000983,
					leadId: 1000983,
					sentAt: '2025-03-24T09:06:39.000Z',
					portalDomain: 'some-domain.bitrix24.com',
					portalMemberId: portal.memberId,
					portalEndpoint: `${portal.portalUrl}/rest/`,
					applicationStatus: 'local',
					userId: 1,
					isTest: false,
				},
			],
		},
	]);
});

test('each of many leads deleted at once starts the workflow once', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger);
	const ids = Array.from({ length: 30 }, () => Number(portal.leads.add().ID));
	portal.leads.delete(ids);
	await settled();
	const arrived = n8n.executions.flatMap(({ items }) => items.map(({ leadId }) => leadId));
	expect(arrived.sort((a, b) => Number(a) - Number(b))).toEqual(ids);
});

test.each([
	['a robot', 'robot', null],
	['a user', 15, 15],
] as const)('what %s did names who it was', async (_, by, userId) => {
	const { n8n, portal, settled } = await asApp(openTrigger);
	portal.leads.delete(1, { by });
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ leadId: 1, userId }] }]);
});

test.each([
	['ONTASKUPDATE', { FIELDS_BEFORE: { ID: 5 }, FIELDS_AFTER: { ID: 5 } }, { entity: 'task', action: 'update', id: 5 }],
	['ONCRMCURRENCYADD', { FIELDS: { ID: 'CHE' } }, { entity: 'currency', action: 'add', id: 'CHE' }],
	[
		'ONCRMDYNAMICITEMADD_1220',
		{ FIELDS: { ID: 9, ENTITY_TYPE_ID: 1220 } },
		{
			entity: 'dynamicItem',
			action: 'add',
			id: 9,
			data: { FIELDS: { ID: '9', ENTITY_TYPE_ID: '1220' } },
		},
	],
])('%s names what it is about, and has no lead', async (event, data, expected) => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: { events, otherEvents: [events[3] ?? ''] } });
	portal.fire(event, data);
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ event, ...expected }] }]);
	expect(n8n.executions[0]?.items[0]).not.toHaveProperty('leadId');
});

test('not simplified, it is the payload as Bitrix24 names it, all texts, without the tokens', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: { events, simplify: false } });
	portal.leads.delete(2);
	await settled();
	const { form } = portal.deliveries.at(-1) ?? {};
	expect(n8n.executions[0]?.items).toEqual([
		{
			event: 'ONCRMLEADDELETE',
			event_handler_id: form?.event_handler_id,
			data: { FIELDS: { ID: '2' } },
			ts: form?.ts,
			auth: {
				domain: portal.domain,
				member_id: portal.memberId,
				client_endpoint: `${portal.portalUrl}/rest/`,
				server_endpoint: `${portal.authorizationServer}/rest/`,
				scope: 'crm,task,user_brief',
				status: 'L',
				expires: expect.stringMatching(/^\d{10}$/),
				expires_in: '3600',
				user_id: '1',
			},
			isTest: false,
		},
	]);
});
