import { eventually } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

test('a deleted lead becomes one flat item', async () => {
	const { portal, records, start } = await openQueue();
	const { emitted } = await start();
	portal.leads.delete(2, { by: 15 });
	const [record] = records();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => items)).toEqual([
		[
			{
				event: 'ONCRMLEADDELETE',
				entity: 'lead',
				action: 'delete',
				id: 2,
				leadId: 2,
				queuedAt: new Date(record?.TIMESTAMP_X ?? '').toISOString(),
				portalDomain: portal.domain,
				portalMemberId: portal.memberId,
				portalEndpoint: `${portal.portalUrl}/rest/`,
				applicationStatus: 'local',
				userId: 15,
				messageId: record?.MESSAGE_ID,
			},
		],
	]);
});

test('batches that are full follow each other at once, in the order of the queue', async () => {
	const { records, collect, start, deleteLeads } = await openQueue({
		parameters: { checkEvery: 3600, batchSize: 10 },
	});
	await collect();
	const ids = deleteLeads(35);
	const { emitted } = await start();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => items.length)).toEqual([10, 10, 10, 5]);
	expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
});

test.each([
	['events', { events: ['ONCRMLEADADD'], otherEvents: ['oncrmdynamicitemadd_1220'] }],
	['text', { events: '={{ "oncrmleadadd, ONCRMDYNAMICITEMADD_1220" }}', otherEvents: [] }],
])('what is selected is collected, whichever way it is written (%s)', async (_, parameters) => {
	const { collected, start } = await openQueue({ parameters });
	await start();
	expect(collected()).toEqual(['ONCRMDYNAMICITEMADD_1220', 'ONCRMLEADADD']);
});

test('a change of what is selected changes what is collected, and nothing else', async () => {
	const { portal, node, collected, start } = await openQueue();
	portal.bindForOtherApp('ONCRMLEADDELETE', 'https://example.com/other-app');
	const other = await openQueue({ portal, parameters: { options: { queueName: 'another' } } });
	await other.start();
	const others = portal.handlers();
	for (let activation = 0; activation < 3; activation++) await (await start()).close();
	expect(portal.calls.filter(({ method }) => method === 'event.bind')).toHaveLength(2);
	node.parameters.events = ['ONCRMLEADADD', 'ONCRMLEADUPDATE'];
	await (await start()).close();
	expect(collected()).toEqual(['ONCRMLEADADD', 'ONCRMLEADUPDATE']);
	expect(portal.handlers()).toEqual(expect.arrayContaining(others));
});

describe('two triggers on one app', () => {
	test('each receive every event', async () => {
		const one = await openQueue();
		const two = await openQueue({ portal: one.portal, parameters: { options: { queueName: 'two' } } });
		const [first, second] = [await one.start(), await two.start()];
		const ids = one.deleteLeads(5);
		await eventually('both queues are empty', () => one.portal.queue.records().length === 0);
		for (const { emitted } of [first, second]) expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	});

	test('share the events between them where the user gives them one name', async () => {
		const parameters = { options: { queueName: 'shared' }, batchSize: 2 };
		const one = await openQueue({ parameters });
		const two = await openQueue({ portal: one.portal, parameters });
		await one.collect();
		const ids = one.deleteLeads(12);
		const [first, second] = [await one.start(), await two.start()];
		await eventually('the queue is empty', () => one.records('shared').length === 0);
		const all = [first, second].flatMap(({ emitted }) => emitted.flatMap(({ items }) => leadsOf(items)));
		expect(all.sort((a, b) => a - b)).toEqual(ids);
	});
});

describe('closing', () => {
	test('lets a run that is under way settle its batch', async () => {
		const { records, collect, start, deleteLeads } = await openQueue({ parameters: { checkEvery: 3600 } });
		await collect();
		const ids = deleteLeads(3);
		const { run, end } = heldRun();
		const { emitted, close } = await start(run);
		await eventually('the workflow was started', () => emitted.length === 1);
		await close();
		expect(records()).toHaveLength(3);
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('and opening it again while a run is under way does not run its events twice', async () => {
		const { records, collect, start, deleteLeads } = await openQueue();
		await collect();
		const ids = deleteLeads(2);
		const { run, end } = heldRun();
		const before = await start(run);
		await eventually('the workflow was started', () => before.emitted.length === 1);
		await before.close();
		const { emitted } = await start();
		// What is reserved comes before what waits.
		const later = deleteLeads(1);
		await eventually('the later event was run', () => emitted.length === 1);
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(before.emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([later]);
	});

	test('lets the portal stop collecting where that is chosen, which keeps what is queued', async () => {
		const parameters = { events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'], checkEvery: 3600 };
		const { node, records, collected, start, checked, deleteLeads } = await openQueue({ parameters });
		node.parameters.options = { whenStopped: 'unsubscribe' };
		const { close } = await start();
		expect(collected()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		await checked();
		deleteLeads(1);
		await close();
		expect(collected()).toEqual([]);
		deleteLeads(1);
		expect(records()).toHaveLength(2);
	});
});

test("no token is in items, in the log or in the workflow's static data", async () => {
	const { n8n, portal, records, start, deleteLeads } = await openQueue({ parameters: { simplify: false } });
	const { emitted, failures } = await start();
	deleteLeads(2);
	await eventually('the queue is empty', () => records().length === 0);
	portal.revokeAccessTokens();
	portal.revokeRefreshTokens();
	await eventually('it is reported', () => failures.length > 0);
	const { oauthTokenData } = await n8n.credentials.read('bitrix24OAuth2Api');
	const { access_token: access, refresh_token: refresh } = Object(oauthTokenData);
	const seen = JSON.stringify([emitted, n8n.log, failures, failures.map(String), n8n.workflow.nodeStaticData]);
	for (const secret of [access, refresh, portal.app.clientSecret, portal.app.applicationToken]) {
		expect(seen).not.toContain(secret);
	}
});
