import { again } from './support/again.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

describe('listening for a sample', () => {
	test.each([
		[['ONCRMLEADDELETE', 'ONCRMDEALADD'], { entity: 'lead', action: 'delete', id: expect.any(Number) }],
		[['ONTASKADD'], { entity: 'task', action: 'add', id: expect.any(Number) }],
		[['ONCRMDYNAMICITEMADD_1220'], { entity: 'dynamicItem', action: 'add' }],
	])('shows one of %j at once, marked as a test', async (codes, about) => {
		const { n8n, portal, bound, settled } = await openTrigger({ parameters: { events: [], otherEvents: codes } });
		await n8n.activate('manual', true);
		expect(bound(n8n.webhookUrl(true))).toEqual(['ONAPPTEST']);
		await settled();
		expect(n8n.executions).toMatchObject([
			{
				mode: 'manual',
				items: [{ event: codes[0], ...about, isTest: true, portalMemberId: portal.memberId, userId: 1 }],
			},
		]);
		await n8n.deactivate(true);
		expect(portal.handlers()).toEqual([]);
	});

	test('leaves the active workflow alone', async () => {
		const { n8n, portal, activate, bound, settled } = await openTrigger();
		await activate();
		const learned = n8n.workflow.nodeStaticData;
		await n8n.activate('manual', true);
		await settled();
		await n8n.deactivate(true);
		expect(bound()).toEqual(['ONCRMLEADDELETE']);
		expect(n8n.workflow.nodeStaticData).toEqual(learned);
		expect(portal.deliveries.at(-1)).toMatchObject({ handler: n8n.webhookUrl(true) });
	});

	test('its delivery teaches an active workflow nothing', async () => {
		const { n8n, portal, settled, receive } = await openTrigger();
		await n8n.activate('manual', true);
		await settled();
		const sample = again(portal.deliveries[0], { application_token: 'f'.repeat(32), access_token: undefined });
		expect(await receive(sample)).toMatchObject({ status: 403 });
		expect(n8n.workflow.nodeStaticData).toEqual({});
	});

	test('a delivery that only looks like one is refused', async () => {
		const { n8n, portal, receive } = await openTrigger();
		portal.faults.deliveries = 'lost';
		await n8n.activate('manual', true);
		const auth = { member_id: portal.memberId, application_token: 'f'.repeat(32) };
		const challenge = `sample.${Date.now()}.${'a'.repeat(32)}.${'b'.repeat(64)}`;
		const forged = { event: 'ONAPPTEST', data: { QUERY: { challenge } }, auth };
		expect(await receive(forged, n8n.webhookUrl(true))).toMatchObject({ status: 403 });
		expect(n8n.executions).toEqual([]);
	});
});

describe('listening for a real event', () => {
	const parameters = { options: { testWith: 'realEvent' } };

	test('shows one that really happens, and is no test', async () => {
		const { n8n, portal, bound, settled } = await openTrigger({ parameters });
		await n8n.activate('manual', true);
		await settled();
		expect(bound(n8n.webhookUrl(true))).toEqual(['ONCRMLEADDELETE']);
		expect(n8n.executions).toEqual([]);
		portal.leads.delete(3);
		await settled();
		expect(n8n.executions).toMatchObject([{ mode: 'manual', items: [{ leadId: 3, isTest: false }] }]);
		await n8n.deactivate(true);
		expect(portal.handlers()).toEqual([]);
	});

	test.each([
		['proves nothing', { access_token: undefined }, 403],
		['has an access token of nobody', { access_token: 'e'.repeat(70) }, 403],
		['has an access token that the portal accepts', {}, 200],
	])('a delivery that %s is answered accordingly', async (_, changes, status) => {
		const { n8n, portal, receive } = await openTrigger({ parameters });
		await n8n.activate('manual', true);
		const { auth, ...event } = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1' } });
		const answer = await receive({ ...event, auth: { ...auth, ...changes } }, n8n.webhookUrl(true));
		expect(answer.status).toBe(status);
		expect(n8n.executions).toHaveLength(status === 200 ? 1 : 0);
	});

	test('the application token in the credential proves one without an access token', async () => {
		const applicationToken = 'c'.repeat(32);
		const { n8n, portal, settled } = await openTrigger({
			portal: { app: { applicationToken } },
			oAuth2: { applicationToken },
			parameters,
		});
		await n8n.activate('manual', true);
		portal.leads.delete(3, { by: 'robot' });
		await settled();
		expect(n8n.executions).toMatchObject([{ items: [{ leadId: 3 }] }]);
	});
});
