import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const parameters = { events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'], options: { includeUser: true } };

test('a portal that was renamed before activation is followed to its new address', async () => {
	const { n8n, portal, activate, bound } = await openTrigger({ parameters });
	await portal.renameTo('renamed.bitrix24.com');
	await activate();
	expect(bound()).toEqual(parameters.events);
	expect(await n8n.hook('checkExists')).toBe(true);
	await n8n.deactivate();
	expect(bound()).toEqual([]);
});

test('a trigger that is active stays active when its portal is renamed', async () => {
	const { n8n, portal, activate, settled } = await openTrigger({ parameters });
	await activate();
	await portal.renameTo('renamed.bitrix24.com');
	portal.leads.delete(1, { by: 15 });
	await settled();
	expect(n8n.executions).toMatchObject([
		{
			items: [
				{ leadId: 1, portalDomain: 'renamed.bitrix24.com', portalMemberId: portal.memberId, userName: 'Bob Baker' },
			],
		},
	]);
});

test("an event's own access token proves it at the new address too", async () => {
	const { n8n, portal, activate, settled } = await openTrigger({ parameters });
	portal.faults.deliveries = 'lost';
	await activate();
	await portal.renameTo('renamed.bitrix24.com');
	portal.faults.deliveries = null;
	portal.leads.delete(1);
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ leadId: 1 }] }]);
});

test('the credential is renewed at the new address too', async () => {
	const { n8n, portal, activate } = await openTrigger({ parameters });
	await activate();
	await portal.renameTo();
	portal.expireAccessTokens();
	await n8n.deactivate();
	expect(portal.handlers()).toEqual([]);
});
