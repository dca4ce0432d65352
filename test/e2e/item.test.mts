import { type Inbox, startInbox } from './support/inbox.mjs';
import { post } from './support/post.mjs';
import { activateOutgoing } from './support/outgoing.mjs';
import { Trigger } from './support/Trigger.mjs';
import type { TriggerDraft } from './support/TriggerWorkflow.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
let inbox: Inbox;
beforeAll(async () => {
	[world, inbox] = [await openWorld(), await startInbox()];
});
afterAll(async () => {
	await inbox?.stop();
	await world?.close();
});

/** What a portal has delivered last, as it went out. */
function lastDelivery({ portal }: World) {
	const { form } = portal.deliveries.at(-1) ?? {};
	if (form === undefined || typeof form.auth !== 'object') throw new Error('The portal has delivered nothing');
	return { form, auth: form.auth, sentAt: new Date(Number(form.ts) * 1000).toISOString() };
}

/** A portal of its own whose events start a workflow. */
async function alone(draft: TriggerDraft = {}): Promise<{ own: World; trigger: Trigger }> {
	const own = await world.beside({ domain: 'some-domain.bitrix24.com' });
	return { own, trigger: await Trigger.active(own, draft) };
}

const columns = [
	...['event', 'entity', 'action', 'id', 'leadId', 'sentAt', 'portalDomain', 'portalMemberId', 'portalEndpoint'],
	...['applicationStatus', 'userId', 'isTest'],
];

test.concurrent('a deleted lead arrives as one flat item, with the same columns whoever deleted it', async () => {
	const { own, trigger } = await alone();
	const item = await trigger.itemOfDeletedLead();
	expect(item).toStrictEqual({
		event: 'ONCRMLEADDELETE',
		entity: 'lead',
		action: 'delete',
		id: item.leadId,
		leadId: expect.any(Number),
		sentAt: lastDelivery(own).sentAt,
		portalDomain: 'some-domain.bitrix24.com',
		portalMemberId: own.portal.memberId,
		portalEndpoint: `${own.portal.portalUrl}/rest/`,
		applicationStatus: 'local',
		userId: 1,
		isTest: false,
	});
	expect(Object.keys(item)).toEqual(columns);
	const robots = await trigger.itemOfDeletedLead('robot');
	expect(robots).toMatchObject({ userId: null });
	expect(Object.keys(robots)).toEqual(columns);
});

test.concurrent('an outgoing webhook delivers the same item, without app and user', async () => {
	const own = await world.beside();
	const { trigger } = await activateOutgoing(own);
	const item = await trigger.itemOfDeletedLead();
	expect(item).toMatchObject({ sentAt: lastDelivery(own).sentAt, portalMemberId: own.portal.memberId });
	expect(item).toMatchObject({ applicationStatus: null, userId: null, isTest: false });
	expect(Object.keys(item)).toEqual(columns);
});

test.concurrent('where it is not simplified, it arrives as Bitrix24 names it, without the tokens', async () => {
	const { own, trigger } = await alone({ parameters: { simplify: false } });
	own.portal.leads.delete(1);
	const [item] = await trigger.items(1);
	const { form, auth } = lastDelivery(own);
	expect(auth).toMatchObject({ access_token: expect.any(String), application_token: expect.any(String) });
	const shown = Object.fromEntries(Object.entries(auth).filter(([key]) => !key.endsWith('_token')));
	expect(item).toStrictEqual({ ...form, auth: shown, isTest: false });
});

test.concurrent("a delivery that n8n's own Webhook node hands on as JSON starts the workflow, too", async () => {
	const { own, trigger } = await alone();
	const { id } = await own.client.createWorkflow({
		name: 'Relay',
		nodes: [
			{ name: 'Webhook', type: 'n8n-nodes-base.webhook', parameters: { httpMethod: 'POST', path: 'relay' } },
			{
				name: 'Hand on',
				type: 'n8n-nodes-base.httpRequest',
				parameters: {
					method: 'POST',
					url: trigger.url,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify($json.body) }}',
				},
			},
		],
	});
	await own.client.activate(id);
	const delivery = own.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '7' } }, { by: 'robot' });
	await post(own.portal, { ...delivery, url: `${own.n8n.webhookUrl}webhook/relay` });
	expect(await trigger.items(1)).toMatchObject([{ leadId: 7, portalMemberId: own.portal.memberId }]);
});

test.concurrent('what an ignored person does starts nothing', async () => {
	const { own, trigger } = await alone({ parameters: { options: { ignoreUserIds: '7, 15' } } });
	own.portal.leads.delete(2, { by: 15 });
	await own.portal.idle();
	expect(own.portal.deliveries.at(-1)).toMatchObject({ status: 200 });
	expect(await trigger.started()).toBe(0);
});

test.concurrent('each of fifty leads deleted at once starts the workflow once', async () => {
	const { own, trigger } = await alone();
	const leads = Array.from({ length: 50 }, () => Number(own.portal.leads.add().ID));
	own.portal.leads.delete(leads);
	const items = await trigger.items(leads.length);
	await own.portal.idle();
	expect(await trigger.started()).toBe(leads.length);
	expect(items.map(({ leadId }) => Number(leadId)).sort((a, b) => a - b)).toEqual(leads);
});

test.concurrent(
	'who did it is looked up with the event, unknown for a robot, and left out after three seconds',
	async () => {
		const { own, trigger } = await alone({ parameters: { options: { includeUser: true } } });
		expect(await trigger.itemOfDeletedLead(15)).toMatchObject({
			userId: 15,
			userName: 'Bob Baker',
			userIsAdmin: false,
		});
		const nobody = { userName: null, userIsAdmin: null };
		expect(await trigger.itemOfDeletedLead('robot')).toMatchObject({ userId: null, ...nobody });
		own.portal.faults.next('profile', { delayMs: 6_000 });
		expect(await trigger.itemOfDeletedLead()).toMatchObject({ userId: 1, ...nobody });
		expect(own.portal.faults.take('profile')).toBeUndefined();
	},
);

test.concurrent('an event of the portal’s own list carries more than an id in `data`', async () => {
	const code = 'ONCRMDYNAMICITEMDELETE_1220';
	const { own, trigger } = await alone({ parameters: { events: [], otherEvents: [code] } });
	own.portal.fire(code, { FIELDS: { ID: 7, ENTITY_TYPE_ID: 1220 } });
	const [item] = await trigger.items(1);
	expect(item).toMatchObject({ event: code, action: 'delete', id: 7 });
	expect(item).toMatchObject({ data: { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } } });
	expect(item).not.toHaveProperty('leadId');
});

test.concurrent('events are selected by an expression, in any case, and keep an id that is no number', async () => {
	const { own, trigger } = await alone({ parameters: { events: '={{ ["onCrmCurrencyDelete", "oncrmdealadd"] }}' } });
	expect(trigger.bound()).toEqual(['ONCRMCURRENCYDELETE', 'ONCRMDEALADD']);
	own.portal.fire('ONCRMCURRENCYDELETE', { FIELDS: { ID: 'CHE' } });
	const item = { event: 'ONCRMCURRENCYDELETE', entity: 'currency', action: 'delete', id: 'CHE' };
	expect(await trigger.items(1)).toEqual([expect.objectContaining(item)]);
});

test.concurrent('a deleted lead becomes a row of a spreadsheet, its columns those of the item', async () => {
	const node = (name: string, type: string, typeVersion: number, operation: string) => ({
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		parameters: { operation, options: {} },
	});
	const then = [node('Write', 'convertToFile', 1.1, 'csv'), node('Read', 'extractFromFile', 1, 'text')];
	const { own, trigger } = await alone({ then });
	own.portal.leads.delete(1);
	const [execution] = await trigger.executions(1);
	const { memberId, portalUrl } = own.portal;
	const { sentAt } = lastDelivery(own);
	expect(String(execution?.itemsOf('Read')[0]?.data).trim().split('\n')).toEqual([
		columns.join(),
		`ONCRMLEADDELETE,lead,delete,1,1,${sentAt},some-domain.bitrix24.com,${memberId},${portalUrl}/rest/,local,1,FALSE`,
	]);
});

test.concurrent(
	'a deleted lead is told to an incoming webhook, in the form in which Slack takes a message',
	async () => {
		const text = 'Lead #{{ $json.leadId }} was deleted by user {{ $json.userId }} on {{ $json.portalDomain }}';
		const parameters = {
			...inbox.node.parameters,
			specifyBody: 'keypair',
			bodyParameters: { parameters: [{ name: 'text', value: `=${text}` }] },
		};
		const { own, trigger } = await alone({ then: [{ ...inbox.node, parameters }] });
		own.portal.leads.delete(1);
		expect(await trigger.executions(1)).toMatchObject([{ status: 'success', error: undefined }]);
		expect(inbox.received).toEqual([{ text: 'Lead #1 was deleted by user 1 on some-domain.bitrix24.com' }]);
	},
);
