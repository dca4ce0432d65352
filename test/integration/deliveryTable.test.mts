import { gzipSync } from 'node:zlib';
import { phpForm } from '../../simulator/index.mjs';
import { type ActiveTrigger, asApp, asOutgoingWebhook } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

const form = 'application/x-www-form-urlencoded';

/** Exactly what a refused delivery is answered: a code and a sentence, nothing else. */
const answerOf = (status: number, error: string) => ({
	status,
	body: { error, error_description: expect.stringMatching(/^[^"{}]{10,100}\.$/) },
});

describe.each([
	['of an app', asApp],
	['of an outgoing webhook', asOutgoingWebhook],
])('a delivery %s', (_, open) => {
	let world: ActiveTrigger;
	beforeEach(async () => {
		world = await open(openTrigger);
	});

	describe('that is proven', () => {
		test('starts the workflow', async () => {
			expect(await world.receive(await world.genuine())).toMatchObject({ status: 200 });
			expect(world.n8n.executions).toMatchObject([{ mode: 'webhook', items: [{ leadId: 1000983 }] }]);
		});

		test('starts the workflow as JSON too', async () => {
			const delivery = { ...(await world.genuine()), contentType: 'application/json; charset=utf-8' };
			expect(await world.receive(delivery)).toMatchObject({ status: 200 });
			expect(world.n8n.executions).toMatchObject([{ items: [{ leadId: 1000983 }] }]);
		});

		test('starts the workflow with more values than n8n itself reads from a form', async () => {
			const { auth, ...delivery } = await world.genuine();
			const data = { FIELDS: { ID: '7' }, MANY: Array.from({ length: 1500 }, (_, index) => `value ${index}`) };
			const body = phpForm({ ...delivery, data, auth });
			expect(await world.receive({ body })).toMatchObject({ status: 200 });
			expect(world.n8n.executions).toMatchObject([{ items: [{ leadId: 7, data: { MANY: data.MANY } }] }]);
		});

		test('starts the workflow when a relay has packed it', async () => {
			const body = gzipSync(phpForm({ ...(await world.genuine()) }));
			const { status } = await fetch(world.url, {
				method: 'POST',
				headers: { 'Content-Type': `${form}; charset=UTF-8`, 'Content-Encoding': 'gzip' },
				body,
			});
			await world.settled();
			expect(status).toBe(200);
			expect(world.n8n.executions).toMatchObject([{ items: [{ leadId: 1000983 }] }]);
		});

		test.each([
			['an event that is not selected', { event: 'ONCRMLEADADD' }],
			['an event that nobody knows', { event: 'ONSOMETHINGNEW', data: {} }],
			["another workflow's ONAPPTEST", { event: 'ONAPPTEST', data: { QUERY: { challenge: 'theirs' } } }],
		])('but %s is accepted and starts nothing', async (_, changes) => {
			expect(await world.receive({ ...(await world.genuine()), ...changes })).toMatchObject({ status: 200 });
			expect(world.n8n.executions).toEqual([]);
		});
	});

	describe('whose application token', () => {
		test.each([
			['is missing', () => undefined],
			['is empty', () => ''],
			['is wrong', () => 'f'.repeat(32)],
			['is a list', (token: string) => [token]],
			['is sent twice', (token: string) => [token, token]],
			['is very long', () => 'f'.repeat(500_000)],
		])('%s is refused', async (_, change) => {
			const delivery = await world.genuine({ application_token: change(world.token) });
			expect(await world.receive(delivery)).toEqual(answerOf(403, 'INVALID_APPLICATION_TOKEN'));
			expect(world.n8n.executions).toEqual([]);
		});

		test('is wrong is refused for an event that is not selected, too', async () => {
			const delivery = await world.genuine({ application_token: 'f'.repeat(32) });
			const answer = await world.receive({ ...delivery, event: 'ONCRMLEADADD' });
			expect(answer).toEqual(answerOf(403, 'INVALID_APPLICATION_TOKEN'));
		});
	});

	describe('that is not an event', () => {
		const withProof = async (more: string) => ({ body: `${phpForm({ ...(await world.genuine()) })}&${more}` });
		test.each([
			['an empty body', async () => ({ body: '' })],
			['an empty body without a content type', async () => ({ body: new Uint8Array(), contentType: '' })],
			['no event', async () => ({ ...(await world.genuine()), event: '' })],
			[
				'a list of events',
				async () => ({ ...(await world.genuine()), event: undefined, ...(await withProof('event[]=X')) }),
			],
			['a text', async () => ({ body: phpForm({ ...(await world.genuine()) }), contentType: 'text/plain' })],
			['XML', async () => ({ body: '<event>ONCRMLEADDELETE</event>', contentType: 'application/xml' })],
			['a form with files', async () => ({ body: '--x--', contentType: 'multipart/form-data; boundary=x' })],
			['JSON that is a list', async () => ({ body: '[{"event":"ONCRMLEADDELETE"}]', contentType: 'application/json' })],
			['a key to a prototype', async () => await withProof('data[__proto__][polluted]=1')],
			['more values than a portal sends', async () => await withProof('a[]=1&'.repeat(6000))],
			['more text than a portal sends', async () => await withProof(`a=${'x'.repeat(1_100_000)}`)],
		])('but %s is refused', async (_, make) => {
			expect(await world.receive({ contentType: form, ...(await make()) })).toEqual(answerOf(400, 'INVALID_EVENT'));
			expect(world.n8n.executions).toEqual([]);
			expect(Object.prototype).not.toHaveProperty('polluted');
		});

		test.each([
			['malformed JSON', '{"event":', 'application/json'],
			['a charset that n8n does not know', 'event=ONCRMLEADDELETE', `${form}; charset=windows-1251`],
		])('but %s never reaches the trigger', async (_, body, contentType) => {
			expect((await world.receive({ body, contentType })).status).toBe(422);
			expect(world.n8n.log).toEqual([]);
		});
	});

	describe('while the node has no use of its credential', () => {
		test.each([
			['because nobody chose one', async () => void (world.node.credentials = {})],
			[
				'because it was emptied, and no learned token proves the delivery',
				async () => {
					await world.n8n.credentials.change('bitrix24OAuth2Api', { oauthTokenData: {} }).catch(() => undefined);
					const emptied = { applicationToken: '' };
					await world.n8n.credentials.change('bitrix24OutgoingWebhookApi', emptied).catch(() => undefined);
				},
			],
		])('%s is answered without details', async (_, spoil) => {
			const delivery = await world.genuine({ client_endpoint: 'https://not-as-learned.example.com/rest/' });
			await spoil();
			expect(await world.receive(delivery)).toEqual(answerOf(500, 'NOT_CONFIGURED'));
			expect(world.n8n.executions).toEqual([]);
			expect(world.n8n.log).toEqual([expect.stringMatching(/^warn: .*\(NOT_CONFIGURED\): .*credential/)]);
		});
	});

	test('that is refused is logged with the reason and the domain it names, not with a token', async () => {
		const wrong = 'wrong-application-token-of-a-sender';
		const delivery = await world.genuine({ application_token: wrong, domain: 'evil.example.com' });
		await world.receive(delivery);
		expect(world.n8n.log).toEqual([
			expect.stringMatching(/^warn: .*"Bitrix24 Trigger".*evil\.example\.com.*\(INVALID_APPLICATION_TOKEN\): .+/),
		]);
		expect(world.n8n.log.join()).not.toContain(wrong);
	});

	test('that names a domain to write into the log with is logged without it', async () => {
		const domain = 'portal.example.com\nerror: all is lost';
		await world.receive(await world.genuine({ application_token: 'f', domain }));
		expect(world.n8n.log.join()).toContain('an unnamed sender');
		expect(world.n8n.log.join()).not.toContain('all is lost');
	});
});

describe('a delivery of an app', () => {
	test.each([
		['of another portal', 'a'.repeat(32)],
		['that does not say of which portal', undefined],
	])('%s is refused', async (_, member_id) => {
		const { n8n, receive, genuine } = await asApp(openTrigger);
		expect(await receive(await genuine({ member_id }))).toEqual(answerOf(403, 'WRONG_PORTAL'));
		expect(n8n.executions).toEqual([]);
	});
});
