import { again } from './support/again.mjs';
import { useTrigger } from './support/useTrigger.mjs';
import { learned, withLostAnswer } from './support/withLostAnswer.mjs';

const openTrigger = useTrigger();

const refused = { status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) };
const stolen = 'f'.repeat(32);

afterEach(() => jest.restoreAllMocks());

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

describe('a challenge that the portal sent', () => {
	test('teaches nothing when it comes from another portal', async () => {
		const world = await withLostAnswer(openTrigger);
		const elsewhere = again(world.portal.deliveries[0], { member_id: 'a'.repeat(32) });
		expect(await world.receive(elsewhere)).toMatchObject({ status: 403, body: { error: 'WRONG_PORTAL' } });
		expect(learned(world)).toBe('{}');
	});

	test.each([
		['teaches within ten minutes', 599_000, 200, 'hash'],
		['teaches nothing after ten minutes', 601_000, 403, '{}'],
	])('%s', async (_, later, status, kept) => {
		const world = await withLostAnswer(openTrigger);
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
});

describe('with the application token in the credential', () => {
	test('nothing has to be learned: only that token proves a delivery', async () => {
		const applicationToken = 'c'.repeat(32);
		const { portal, n8n, url, activate, bound, receive } = await openTrigger({
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
		const address = { url, workflowId: 'workflow-1', nodeId: 'node-1' };
		expect(n8n.workflow.nodeStaticData).toEqual({ address });
	});
});
