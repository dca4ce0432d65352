import { again } from './support/again.mjs';
import { type TriggerWorld, useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

const refused = { status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) };
const stolen = 'f'.repeat(32);

afterEach(() => jest.restoreAllMocks());

/** Activates a trigger whose challenge gets lost, and returns it as the portal sent it. */
async function withLostAnswer(): Promise<TriggerWorld> {
	const world = await openTrigger();
	world.portal.faults.deliveries = 'lost';
	await world.activate();
	world.portal.faults.deliveries = null;
	return world;
}

const learned = ({ n8n }: TriggerWorld) => JSON.stringify(n8n.workflow.nodeStaticData);

test('activation learns the token from the portal: only a hash is kept, and the handler for it is gone', async () => {
	const world = await openTrigger();
	await world.activate();

	const { portal, n8n, bound } = world;
	expect(portal.deliveries).toMatchObject([{ event: 'ONAPPTEST', status: 200 }]);
	expect(bound()).toEqual(['ONCRMLEADDELETE']);
	expect(n8n.executions).toEqual([]);
	expect(learned(world)).toMatch(/"hash":"[0-9a-f]{64}"/);
	expect(learned(world)).not.toContain(portal.app.applicationToken);
	expect(await n8n.hook('checkExists')).toBe(true);
});

test('once it is learned, an event without an access token starts the workflow', async () => {
	const { portal, n8n, activate, settled } = await openTrigger();
	await activate();
	portal.leads.delete(1, { by: 'robot' });
	await settled();
	expect(n8n.executions).toMatchObject([{ mode: 'webhook', items: [{ leadId: 1, userId: null }] }]);
});

describe('as long as it is not learned', () => {
	test('an event starts the workflow if the portal accepts its access token for this app', async () => {
		const { portal, n8n, settled } = await withLostAnswer();
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
		const { portal, n8n, receive } = await withLostAnswer();
		const { auth, ...event } = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1' } });
		expect(await receive({ ...event, auth: { ...auth, ...changes } })).toEqual(refused);
		expect(n8n.executions).toEqual([]);
	});

	test('an event of another app on the same portal is refused', async () => {
		const { portal, n8n, url, settled } = await withLostAnswer();
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

	test('the trigger counts as not registered, and asks again when n8n starts', async () => {
		const world = await withLostAnswer();
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
		const world = await withLostAnswer();
		const auth = { member_id: world.portal.memberId, application_token: stolen };
		const answer = await world.receive({ event: 'ONAPPTEST', data: { QUERY: { challenge }, LANGUAGE_ID: 'en' }, auth });
		expect(answer).toEqual(refused);
		expect(learned(world)).toBe('{}');
	});

	test('with the challenge of another trigger teaches nothing', async () => {
		const world = await withLostAnswer();
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

describe('a challenge that the portal sent', () => {
	test('teaches nothing when it comes from another portal', async () => {
		const world = await withLostAnswer();
		const elsewhere = again(world.portal.deliveries[0], { member_id: 'a'.repeat(32) });
		expect(await world.receive(elsewhere)).toMatchObject({ status: 403, body: { error: 'WRONG_PORTAL' } });
		expect(learned(world)).toBe('{}');
	});

	test.each([
		['teaches within ten minutes', 599_000, 200, 'hash'],
		['teaches nothing after ten minutes', 601_000, 403, '{}'],
	])('%s', async (_, later, status, kept) => {
		const world = await withLostAnswer();
		const now = Date.now() + later;
		jest.spyOn(Date, 'now').mockReturnValue(now);
		const answer = await world.receive(again(world.portal.deliveries[0], { access_token: undefined }));
		expect(answer.status).toBe(status);
		expect(learned(world)).toContain(kept);
	});

	test('teaches nothing any more once it has taught', async () => {
		const world = await openTrigger();
		await world.activate();
		const before = learned(world);
		const [first] = world.portal.deliveries;
		expect(await world.receive(again(first, { application_token: stolen }))).toEqual(refused);
		expect(await world.receive(again(first))).toMatchObject({ status: 200 });
		expect(learned(world)).toBe(before);
		expect(world.n8n.executions).toEqual([]);
	});

	test('teaches nothing any more once a later one has taught', async () => {
		const world = await withLostAnswer();
		await world.activate();
		const before = learned(world);
		const [early] = world.portal.deliveries;
		expect(await world.receive(again(early, { application_token: stolen }))).toEqual(refused);
		expect(learned(world)).toBe(before);
	});
});

describe('what was learned', () => {
	test('is learned anew when the workflow has lost it', async () => {
		const world = await openTrigger();
		await world.activate();
		world.n8n.workflow.forgetStaticData();
		expect(await world.n8n.hook('checkExists')).toBe(false);
		await world.n8n.activate('init');
		await world.settled();
		expect(learned(world)).toContain('hash');
		expect(world.bound()).toEqual(['ONCRMLEADDELETE']);
	});

	test('is replaced after the app was installed anew', async () => {
		const { portal, n8n, activate, receive, settled } = await openTrigger();
		await activate();
		portal.reinstallApp();
		expect(await receive(portal.delivery('ONCRMLEADDELETE', {}))).toEqual(refused);
		await n8n.activate('init');
		await settled();
		expect(await receive(portal.delivery('ONCRMLEADDELETE', {}, { by: 'robot' }))).toMatchObject({ status: 200 });
		expect(n8n.executions).toHaveLength(1);
	});

	test.each([
		['app', { clientId: 'local.another' }],
		['portal', { oauthTokenData: { access_token: 'x', member_id: 'b'.repeat(32) } }],
	])('is not believed for another %s', async (_, changes) => {
		const { n8n, activate } = await openTrigger();
		await activate();
		await n8n.credentials.change('bitrix24OAuth2Api', changes);
		expect(await n8n.hook('checkExists')).toBe(false);
	});
});

describe('with the application token in the credential', () => {
	test('nothing has to be learned: only that token proves a delivery', async () => {
		const applicationToken = 'c'.repeat(32);
		const { portal, n8n, activate, bound, receive } = await openTrigger({
			portal: { app: { applicationToken } },
			oAuth2: { applicationToken: ` ${applicationToken} ` },
		});
		await activate();
		expect(bound()).toEqual(['ONCRMLEADDELETE']);
		expect(portal.calls.map(({ method }) => method)).not.toContain('event.test');
		expect(await n8n.hook('checkExists')).toBe(true);
		expect(await receive(portal.delivery('ONCRMLEADDELETE', {}, { by: 'robot' }))).toMatchObject({ status: 200 });
		const withAnother = portal.delivery('ONCRMLEADDELETE', {}, { auth: { application_token: stolen } });
		expect(await receive(withAnother)).toEqual(refused);
		expect(n8n.executions).toHaveLength(1);
		expect(n8n.workflow.nodeStaticData).toEqual({});
	});
});
