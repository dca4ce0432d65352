import { asApp } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

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
