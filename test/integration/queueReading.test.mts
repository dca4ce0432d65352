import { eventually, seconds } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();
const anHour = 3600;

describe('batches', () => {
	test('that are full follow each other at once', async () => {
		const { records, collect, start, deleteLeads } = await openQueue({
			parameters: { checkEvery: anHour, batchSize: 10 },
		});
		await collect();
		const ids = deleteLeads(35);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => items.length)).toEqual([10, 10, 10, 5]);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	});

	test('however many there are', async () => {
		const { records, collect, start, deleteLeads } = await openQueue({
			parameters: { checkEvery: anHour, batchSize: 1 },
		});
		await collect();
		const ids = deleteLeads(50);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual(ids.map((id) => [id]));
	});

	test('that are not full are followed by a rest', async () => {
		const { records, start, checked, deleteLeads } = await openQueue({ parameters: { checkEvery: anHour } });
		const { emitted } = await start();
		await checked();
		deleteLeads(1);
		await seconds(60);
		expect(emitted).toEqual([]);
		expect(records()).toHaveLength(1);
	});

	test('a thousand events cost one call to reserve them, and one to confirm them', async () => {
		const { portal, records, start, checked, deleteLeads } = await openQueue({ parameters: { batchSize: 1000 } });
		const first = await start();
		await checked();
		await first.close();
		const ids = deleteLeads(1000);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
		const confirmations = portal.calls.filter(({ method }) => method === 'event.offline.clear');
		expect(confirmations).toHaveLength(1);
	});
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
	await (await start()).close();
	node.parameters.events = ['ONCRMLEADADD', 'ONCRMLEADUPDATE'];
	await (await start()).close();
	expect(collected()).toEqual(['ONCRMLEADADD', 'ONCRMLEADUPDATE']);
	expect(portal.handlers()).toEqual(expect.arrayContaining(others));
});

test('activating again binds nothing twice', async () => {
	const { portal, start } = await openQueue();
	for (let activation = 0; activation < 3; activation++) await (await start()).close();
	expect(portal.handlers()).toHaveLength(1);
	expect(portal.calls.filter(({ method }) => method === 'event.bind')).toHaveLength(1);
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
