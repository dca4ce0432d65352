import { clientFor } from '../simulator/client.mjs';
import { asOnThePage, readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';

// n8n 2.41 keeps webhooks as they are when it starts. Before, and with this setting, it looks at each of them.
const env = { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' };

/** A trigger, the portal that it is registered with, and what has become of both when n8n is back. */
interface Scene {
	/** What happens to the portal before n8n starts again. */
	meanwhile(own: World, trigger: Trigger): Promise<void>;
	/** What has to be so afterwards. */
	then(own: World, trigger: Trigger): Promise<void>;
	/** Whether the token is not learned by then. */
	unlearned?: boolean;
}

const scenes: Record<string, Scene> = {
	'finds everything in order, and changes nothing': {
		meanwhile: async ({ portal }) => portal.clearCalls(),
		async then({ portal }, trigger) {
			await until('it has looked', () => portal.calls.some(({ method }) => method === 'event.get'));
			await trigger.itemOfDeletedLead();
			const changes = ['event.bind', 'event.unbind', 'event.test'];
			expect(portal.calls.filter(({ method }) => changes.includes(method))).toEqual([]);
			expect(trigger.bound()).toEqual(['ONCRMDEALADD', DELETED]);
		},
	},
	'mends what the portal has lost, and what is left over': {
		async meanwhile({ portal }, trigger) {
			const call = clientFor(portal);
			await call('event.bind', { event: 'ONCRMLEADADD', handler: trigger.url });
			await call('event.unbind', { event: 'ONCRMDEALADD', handler: trigger.url });
		},
		async then(_, trigger) {
			await until('both are mended', () => trigger.bound().join() === `ONCRMDEALADD,${DELETED}`);
		},
	},
	'asks again for an application token that it does not know': {
		unlearned: true,
		meanwhile: async ({ portal }) => portal.faults.clear(),
		async then(_, trigger) {
			await trigger.learned();
			expect(trigger.bound()).toEqual(['ONCRMDEALADD', DELETED]);
		},
	},
	'gets over a portal that does not answer then': {
		async meanwhile({ portal }) {
			portal.clearCalls();
			portal.faults.next('*', 'reset', 1000);
		},
		async then({ portal }, trigger) {
			await until('it has asked the portal', () => portal.calls.length > 0);
			portal.faults.clear();
			await until('it receives again', async () => (await trigger.receiveFromRobot()).status === 200);
			await until('it has its handlers', () => trigger.bound().join() === `ONCRMDEALADD,${DELETED}`);
		},
	},
};

let world: World;
const opened = new Map<string, { own: World; trigger: Trigger }>();
beforeAll(async () => {
	world = await openWorld({ env });
	const parameters = { events: [DELETED, 'ONCRMDEALADD'] };
	for (const [name, { unlearned }] of Object.entries(scenes)) {
		const own = await world.beside();
		if (unlearned) own.portal.faults.deliveries = 'lost';
		const trigger = unlearned ? await Trigger.add(own, { parameters }) : await Trigger.active(own, { parameters });
		if (unlearned) await trigger.activate();
		await own.portal.idle();
		opened.set(name, { own, trigger });
	}
	await world.n8n.stop();
	for (const [name, { own, trigger }] of opened) await scenes[name]?.meanwhile(own, trigger);
	await world.n8n.start();
});
afterAll(async () => await world?.close());

describe('an n8n that looks at its triggers when it starts', () => {
	test.each(Object.entries(scenes))('%s', async (name, { then }) => {
		const scene = opened.get(name);
		if (scene === undefined) throw new Error('It was not opened');
		await then(scene.own, scene.trigger);
		await scene.trigger.deactivate();
		expect(scene.own.portal.handlers()).toEqual([]);
	});
});

test('an n8n without a public address is told how to give it one, as docs/troubleshooting.md quotes it', async () => {
	const url = 'http://localhost:5678/';
	await world.n8n.stop();
	await world.n8n.start({ WEBHOOK_URL: url, N8N_WEBHOOK_URL: url });
	const trigger = await Trigger.add(world);
	const outcome = await trigger.tryToActivate();
	const [quote] = readDiagnoses().get(2)?.quotes ?? [];
	expect(quote).toContain('Bitrix24 cannot reach this n8n at http://localhost:5678/webhook/');
	expect(outcome.active || asOnThePage(outcome.message, {})).toEqual(expect.stringContaining(quote ?? ''));
	expect(world.portal.handlers()).toEqual([]);
});
