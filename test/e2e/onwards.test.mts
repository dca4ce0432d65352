import { type Inbox, startInbox } from './support/inbox.mjs';
import { Trigger } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
let inbox: Inbox;
beforeAll(async () => {
	world = await openWorld({
		portal: { domain: 'some-domain.bitrix24.com', now: () => Date.UTC(2025, 2, 24, 9, 6, 39) },
	});
	inbox = await startInbox();
});
afterAll(async () => {
	await inbox?.stop();
	await world?.close();
});

test('a deleted lead becomes a row of a spreadsheet, its columns those of the item', async () => {
	const trigger = await Trigger.active(world, {
		then: [
			{
				name: 'To Spreadsheet',
				type: 'n8n-nodes-base.convertToFile',
				typeVersion: 1.1,
				parameters: { operation: 'csv', options: {} },
			},
			{
				name: 'Read Spreadsheet',
				type: 'n8n-nodes-base.extractFromFile',
				typeVersion: 1,
				parameters: { operation: 'text', options: {} },
			},
		],
	});
	const { ID } = world.portal.leads.add();
	world.portal.leads.delete(ID);
	const [execution] = await trigger.executions(1);
	const { memberId, portalUrl } = world.portal;
	const [{ data } = { data: undefined }] = execution?.itemsOf('Read Spreadsheet') ?? [];
	expect(String(data).trim().split('\n')).toEqual([
		'event,entity,action,id,leadId,sentAt,portalDomain,portalMemberId,portalEndpoint,applicationStatus,userId,isTest',
		`ONCRMLEADDELETE,lead,delete,${ID},${ID},2025-03-24T09:06:39.000Z,some-domain.bitrix24.com,${memberId},${portalUrl}/rest/,local,1,FALSE`,
	]);
	await trigger.deactivate();
});

test('a deleted lead is told to an incoming webhook, in the form in which Slack takes a message', async () => {
	const text = 'Lead #{{ $json.leadId }} was deleted by user {{ $json.userId }} on {{ $json.portalDomain }}';
	const toSlack = {
		...inbox.node,
		name: 'To Slack',
		parameters: {
			...inbox.node.parameters,
			specifyBody: 'keypair',
			bodyParameters: { parameters: [{ name: 'text', value: `=${text}` }] },
		},
	};
	const trigger = await Trigger.active(world, { then: [toSlack] });
	const { ID } = world.portal.leads.add();
	world.portal.leads.delete(ID);
	const [execution] = await trigger.executions(1);
	expect(execution?.status).toBe('success');
	expect(inbox.received).toEqual([{ text: `Lead #${ID} was deleted by user 1 on some-domain.bitrix24.com` }]);
	await trigger.deactivate();
});
