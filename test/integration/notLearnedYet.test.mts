import { again } from './support/again.mjs';
import { useTrigger } from './support/useTrigger.mjs';
import { learned, withLostAnswer } from './support/withLostAnswer.mjs';

const openTrigger = useTrigger();

const refused = { status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) };
const stolen = 'f'.repeat(32);

describe('as long as it is not learned', () => {
	test('an event starts the workflow if the portal accepts its access token for this app', async () => {
		const { portal, n8n, settled } = await withLostAnswer(openTrigger);
		portal.leads.delete(1);
		await settled();
		expect(n8n.executions).toMatchObject([{ items: [{ leadId: 1, userId: 1 }] }]);
	});

	test.each([
		['no access token', { access_token: undefined }],
		['an access token that the portal does not know', { access_token: 'e'.repeat(70) }],
		[
			'the portal of somebody else to ask',
			{ access_token: 'e'.repeat(70), client_endpoint: 'http://127.0.0.1:1/rest/' },
		],
	])('an event with %s is refused', async (_, changes) => {
		const { portal, n8n, receive } = await withLostAnswer(openTrigger);
		const { auth, ...event } = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1' } });
		expect(await receive({ ...event, auth: { ...auth, ...changes } })).toEqual(refused);
		expect(n8n.executions).toEqual([]);
	});

	test('an event of another app on the same portal is refused', async () => {
		const { portal, n8n, url, settled } = await withLostAnswer(openTrigger);
		portal.bindForOtherApp('ONCRMDEALADD', url);
		portal.fire('ONCRMDEALADD', { FIELDS: { ID: '1' } });
		await settled();
		expect(portal.deliveries.at(-1)).toMatchObject({ event: 'ONCRMDEALADD', status: 403 });
		expect(n8n.executions).toEqual([]);
	});

	test('nothing that is not proven starts the workflow while activation is under way', async () => {
		const { portal, n8n, bound, receive, settled } = await openTrigger();
		portal.faults.next('event.test', { delayMs: 150 });
		const activating = n8n.activate();
		while (!bound().includes('ONAPPTEST')) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(await receive({})).toEqual(refused);
		await activating;
		await settled();
		expect(n8n.executions).toEqual([]);
	});

	test('the trigger counts as not registered, and asks again at the next activation', async () => {
		const world = await withLostAnswer(openTrigger);
		expect(await world.n8n.hook('checkExists')).toBe(false);
		await world.n8n.activate('init');
		await world.settled();
		expect(learned(world)).toContain('hash');
		expect(world.bound()).toEqual(['ONCRMLEADDELETE']);
		expect(await world.n8n.hook('checkExists')).toBe(true);
	});
});

describe('an ONAPPTEST that nobody asked for', () => {
	test.each([
		['without a challenge', undefined],
		['with a made-up challenge', 'x'],
		['with a challenge in the right form', `learn.${Date.now()}.${'a'.repeat(32)}.${'b'.repeat(64)}`],
		['with a list of challenges', ['x', 'y']],
	])('%s is refused and teaches nothing', async (_, challenge) => {
		const world = await withLostAnswer(openTrigger);
		const auth = { member_id: world.portal.memberId, application_token: stolen };
		const answer = await world.receive({ event: 'ONAPPTEST', data: { QUERY: { challenge }, LANGUAGE_ID: 'en' }, auth });
		expect(answer).toEqual(refused);
		expect(learned(world)).toBe('{}');
	});

	test('with the challenge of another trigger teaches nothing', async () => {
		const world = await withLostAnswer(openTrigger);
		const other = await openTrigger({ portal: world.portal });
		other.node.id = 'node-2';
		world.portal.faults.deliveries = 'lost';
		await other.activate();
		world.portal.faults.deliveries = null;

		const theirs = again(world.portal.deliveries.at(-1), { application_token: stolen, access_token: undefined });
		expect(await world.receive(theirs)).toEqual(refused);
		expect(learned(world)).toBe('{}');
	});
});
