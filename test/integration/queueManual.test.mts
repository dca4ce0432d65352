import { eventually } from './support/eventually.mjs';
import { refusalOf } from './support/refusalOf.mjs';
import { testStep } from './support/startTrigger.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** A queue in which something waits; the workflow is off. */
async function withWaiting(count: number) {
	const world = await openQueue();
	await world.collect();
	const ids = world.deleteLeads(count);
	world.portal.clearCalls();
	return { ...world, ids };
}

test('shows what waits, in the order of the queue, and takes nothing', async () => {
	const { n8n, portal, records, ids } = await withWaiting(3);
	const before = records();
	expect(leadsOf(await testStep(n8n))).toEqual(ids);
	expect(leadsOf(await testStep(n8n))).toEqual(ids);
	expect(records()).toEqual(before);
	expect(new Set(portal.calls.map(({ method }) => method))).toEqual(new Set(['feature.get', 'event.offline.list']));
});

test('shows neither what a run has reserved nor what was put aside', async () => {
	const { n8n, records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
	const { emitted, close } = await start((_, count) => (count === 1 ? 'error' : 'crashed'));
	deleteLeads(1);
	await eventually('one is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	deleteLeads(1);
	await eventually('another is reserved', () => emitted.length > 1);
	await close();
	const [waiting] = deleteLeads(1);
	expect(leadsOf(await testStep(n8n))).toEqual([waiting]);
});

test.each([
	['nothing waits', {}, /Nothing waits.*test again/],
	['no event is selected', { events: [] }, /No event is selected/],
])('says so when %s', async (_, parameters, words) => {
	const { n8n, node } = await withWaiting(0);
	Object.assign(node.parameters, parameters);
	expect(await refusalOf(testStep(n8n))).toMatch(words);
});

test('says so when nothing is collected yet, and what to do', async () => {
	const { n8n } = await openQueue();
	expect(await refusalOf(testStep(n8n))).toMatch(/does not collect.*Activate the workflow/);
});

test('says what to do when the portal no longer knows the connection', async () => {
	const { n8n, portal } = await withWaiting(1);
	portal.revokeAccessTokens();
	portal.revokeRefreshTokens();
	expect(await refusalOf(testStep(n8n))).toContain('"Connect my account"');
});
