import { post } from './support/post.mjs';
import { isLong } from './support/preparedInstall.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(isLong() ? 1_800_000 : 240_000);

const ACTIVATIONS = isLong() ? 100 : 5;
const WORKFLOWS = isLong() ? 10 : 1;
const MINUTE = 60_000;

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

test(`after ${ACTIVATIONS} activations, a robot's deletion that follows the lesson at once is accepted`, async () => {
	const own = await world.beside();
	const trigger = await Trigger.add(own);
	for (let count = 1; count <= ACTIVATIONS; count++) {
		own.portal.deliveries.length = 0;
		await trigger.activate();
		const isTaught = () => own.portal.deliveries.some(({ event, status }) => event === 'ONAPPTEST' && status === 200);
		await until('the lesson is answered', isTaught, MINUTE, 1);
		expect([count, (await trigger.receiveFromRobot()).status]).toEqual([count, 200]);
		await trigger.deactivate();
		expect(own.portal.handlers()).toEqual([]);
	}
});

test(`in ${WORKFLOWS} workflows, both of two triggers accept robots' deletions within a minute`, async () => {
	const own = await world.beside();
	const workflows = Array.from({ length: WORKFLOWS }, async (_, index) => {
		const node = (which: string) => ({
			name: `${TRIGGER} ${which}`,
			type: 'n8n-nodes-bitrix24-triggers.bitrix24Trigger',
			credentials: own.credentials,
		});
		const draft = { name: `Two Triggers ${index}`, nodes: [node('one'), node('two')], connections: {} };
		const { id, nodes } = await own.client.createWorkflow(draft);
		const outcome = await own.client.activate(id);
		if (!outcome.active) throw new Error(outcome.message);
		return nodes.map(({ webhookId }) => `${own.n8n.webhookUrl}webhook/${webhookId}/webhook`);
	});
	const urls = (await Promise.all(workflows)).flat();
	const begin = Date.now();
	const refusals = new Set(urls);
	await until(
		'every trigger accepts',
		async () => {
			for (const url of refusals) {
				const robots = own.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '5' } }, { by: 'robot' });
				if ((await post(own.portal, { url, ...robots })).status === 200) refusals.delete(url);
			}
			return refusals.size === 0;
		},
		MINUTE,
		1_000,
	);
	console.log(
		`${urls.length} triggers knew their tokens ${Math.round((Date.now() - begin) / 1000)} s after the activations`,
	);
});

describe('when n8n has got another address', () => {
	const other = 'http://127.0.0.2:5678/';
	const at = (url: string, trigger: Trigger) => trigger.url.replace(world.n8n.webhookUrl, url);
	async function restart(settings: Record<string, string> = {}): Promise<void> {
		await world.n8n.stop();
		await world.n8n.start(settings);
	}
	const reachedAt = (url: string) => ({ WEBHOOK_URL: url, N8N_WEBHOOK_URL: url });
	afterEach(async () => await restart());

	test('the next activation takes down what is bound at the former one, and says so; a copy that is refused does not', async () => {
		const own = await world.beside();
		const trigger = await Trigger.active(own);
		// As on a laptop with a copy of the database: Bitrix24 would not call it.
		await restart(reachedAt('http://localhost:5678/'));
		await trigger.deactivate();
		expect((await trigger.tryToActivate()).active).toBe(false);
		await trigger.deactivate();
		expect(trigger.bound()).toEqual(['ONCRMLEADDELETE']);

		await restart(reachedAt(other));
		await trigger.activate();
		expect([trigger.bound(), trigger.bound(at(other, trigger))]).toEqual([[], ['ONAPPTEST', 'ONCRMLEADDELETE']]);
		expect(world.n8n.log()).toContain(`has taken down the handlers that it had at ${trigger.url}.`);
		await trigger.deactivate();
		expect(own.portal.handlers()).toEqual([]);
	});

	test('what the editor listened for when n8n was killed is taken down by the next deactivation', async () => {
		const own = await world.beside();
		const trigger = await Trigger.active(own, { parameters: { options: { testWith: 'realEvent' } } });
		await own.client.listenForTestEvent(trigger.id, TRIGGER);
		expect(trigger.bound(trigger.testUrl)).toEqual(['ONCRMLEADDELETE']);
		await world.n8n.kill();
		await world.n8n.start();
		await trigger.deactivate();
		expect(own.portal.handlers()).toEqual([]);
	});
});

describe('a run whose delivery was answered 200', () => {
	const slow = {
		name: 'Slow',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: { amount: 4, unit: 'seconds' },
	};

	test.each([
		['stopped', 'success', { includeUser: false }],
		['stopped', 'success', { includeUser: true }],
		['killed', 'crashed', { includeUser: false }],
		['killed', 'crashed', { includeUser: true }],
	] as const)(
		'is not lost without a trace when n8n is %s at once: it is listed as %s (%j)',
		async (how, status, options) => {
			const own = await world.beside();
			const trigger = await Trigger.active(own, { then: [slow], parameters: { options } });
			const delivery = own.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '5' } });
			expect((await trigger.receive(delivery)).status).toBe(200);
			await (how === 'stopped' ? world.n8n.stop() : world.n8n.kill());
			await world.n8n.start();
			const seen = await until('the run has ended', async () => {
				const runs = await own.client.executions(trigger.id);
				return runs.every((run) => !['running', 'waiting'].includes(run.status)) && runs.length > 0 && runs;
			});
			// Killed before it has begun, it stays listed as new: n8n finds those that were running, and no others.
			const isUnbegun = how === 'killed' && seen[0]?.status === 'new';
			expect(seen.map((run) => run.status)).toEqual([isUnbegun ? 'new' : status]);
			await trigger.deactivate();
		},
	);
});
