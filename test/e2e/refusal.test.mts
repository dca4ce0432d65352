import type { ActivationOutcome } from '../../host/index.mjs';
import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { type RefusedActivation, refusedActivations } from './support/refusedActivations.mjs';
import { Trigger } from './support/Trigger.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(300_000);

interface Attempt {
	portal: Simulator;
	trigger: Trigger;
	outcome: ActivationOutcome;
}

/** Makes a case's portal and workflow, and tries to activate it: n8n takes a quarter of a minute to refuse. */
async function attempt(world: World, { before, after, parameters, credentials }: RefusedActivation): Promise<Attempt> {
	const portal = await startSimulator();
	before?.(portal);
	const connected = await connect(world, portal);
	const chosen = (await credentials?.(world, portal)) ?? connected;
	after?.(portal);
	const trigger = await Trigger.add({ ...world, portal }, { parameters, credentials: chosen });
	portal.bindForOtherApp('ONCRMLEADDELETE', trigger.url);
	return { portal, trigger, outcome: await trigger.tryToActivate() };
}

const worlds: World[] = [];
const attempts = new Map<string, Promise<Attempt>>();
beforeAll(async () => {
	const env = { N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '20' };
	const [usual, notPublic] = [await openWorld({ env }), await openWorld({ env, webhookUrl: 'http://localhost:5678/' })];
	worlds.push(usual, notPublic);
	// All at once: each of them takes its time.
	for (const [name, one] of Object.entries(refusedActivations)) {
		attempts.set(name, attempt(one.isPublic === false ? notPublic : usual, one));
	}
	await Promise.allSettled(attempts.values());
});
afterAll(async () => {
	for (const world of worlds) await world.close();
	await Promise.allSettled([...attempts.values()].map(async (made) => await (await made).portal.stop()));
});

describe.each(Object.entries(refusedActivations))('when %s', (name, { says }) => {
	test('n8n does not activate the workflow, and says why and what to do', async () => {
		const outcome = (await attempts.get(name))?.outcome;
		for (const part of says) expect(outcome).toEqual({ active: false, message: expect.stringContaining(part) });
	});

	test('nothing stays bound, and what another app has bound stays', async () => {
		const { portal, trigger } = (await attempts.get(name)) ?? {};
		const foreign = { event: 'ONCRMLEADDELETE', handler: trigger?.url, auth_type: '0', offline: 0 };
		expect(portal?.handlers()).toEqual([foreign]);
	});
});

test('a later refusal had something bound to take down', async () => {
	const made = await attempts.get('a later one of several events can not be bound');
	const calls = made?.portal.calls ?? [];
	expect(calls.filter(({ method, status }) => method === 'event.bind' && status === 200)).toHaveLength(5);
});
