import type { ActivationOutcome } from '../../host/index.mjs';
import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { asOnThePage, readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { type RefusedActivation, refusedActivations } from './support/refusedActivations.mjs';
import { Trigger } from './support/Trigger.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(300_000);

interface Attempt {
	portal: Simulator;
	trigger: Trigger;
	outcome: ActivationOutcome;
	/** Puts right what was wrong, and activates the workflow. */
	again(): Promise<ActivationOutcome>;
}

/** Makes a case's portal and workflow, and tries to activate it: n8n takes a quarter of a minute to refuse. */
async function attempt(world: World, one: RefusedActivation, other: Simulator): Promise<Attempt> {
	const { before, after, parameters, credentials } = one;
	const portal = await startSimulator();
	before?.(portal);
	const connected = await connect(world, portal);
	const chosen = (await credentials?.(world, portal, other)) ?? connected;
	after?.(portal);
	const trigger = await Trigger.add({ ...world, portal }, { parameters, credentials: chosen });
	portal.bindForOtherApp('ONCRMLEADDELETE', trigger.url);
	const outcome = await trigger.tryToActivate();
	const again = async () => {
		portal.faults.clear();
		Object.assign(portal, { currentUserId: 1, plan: { ...portal.plan, rest: true } });
		Object.assign(portal.app, { installed: true, scope: ['crm'] });
		await world.client.connectOAuth2(connected.bitrix24OAuth2Api.id);
		// Otherwise the very same version of the workflow is activated again.
		if (parameters !== undefined || credentials !== undefined) await trigger.change({ credentials: connected });
		return await trigger.tryToActivate();
	};
	return { portal, trigger, outcome, again };
}

const diagnoses = readDiagnoses();

/** A portal's addresses, and what the page shows in their place. */
function addressesOf(
	portal: Simulator | undefined,
	name = 'your-company',
	authorizationServer = 'https://oauth.bitrix24.tech',
): Record<string, string> {
	if (portal === undefined) return {};
	return { [portal.portalUrl]: `https://${name}.bitrix24.com`, [portal.authorizationServer]: authorizationServer };
}

const worlds: World[] = [];
let other: Simulator;
const attempts = new Map<string, Promise<Attempt>>();
beforeAll(async () => {
	other = await startSimulator();
	const env = { N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '20' };
	const [usual, notPublic] = [await openWorld({ env }), await openWorld({ env, webhookUrl: 'http://localhost:5678/' })];
	worlds.push(usual, notPublic);
	// All at once: each of them takes its time.
	for (const [name, one] of Object.entries(refusedActivations)) {
		attempts.set(name, attempt(one.isPublic === false ? notPublic : usual, one, other));
	}
	await Promise.allSettled(attempts.values());
});
afterAll(async () => {
	for (const world of worlds) await world.close();
	await other?.stop();
	await Promise.allSettled([...attempts.values()].map(async (made) => await (await made).portal.stop()));
});

describe.each(Object.entries(refusedActivations))('when %s', (name, { says, isPublic, diagnosis }) => {
	test('n8n does not activate the workflow, and says why and what to do', async () => {
		const outcome = (await attempts.get(name))?.outcome;
		for (const part of says) expect(outcome).toEqual({ active: false, message: expect.stringContaining(part) });
	});

	test('nothing stays bound, and what another app has bound stays', async () => {
		const { portal, trigger } = (await attempts.get(name)) ?? {};
		const foreign = { event: 'ONCRMLEADDELETE', handler: trigger?.url, auth_type: '0', offline: 0 };
		expect(portal?.handlers()).toEqual([foreign]);
	});

	if (diagnosis !== undefined) {
		test('docs/troubleshooting.md quotes what is said', async () => {
			const { outcome, portal } = (await attempts.get(name)) ?? {};
			const addresses = { ...addressesOf(portal), ...addressesOf(other, 'other-company', 'https://oauth.bitrix.info') };
			const said = outcome?.active === false ? asOnThePage(outcome.message, addresses) : 'nothing';
			expect(diagnoses.get(diagnosis)?.quotes).toContain(said);
		});
	}

	if (isPublic === false) return;
	test('n8n activates it once that is put right, and it is bound', async () => {
		const { again, trigger } = (await attempts.get(name)) ?? {};
		expect(await again?.()).toEqual({ active: true });
		await trigger?.learned();
		expect(trigger?.bound().filter((event) => event === 'ONCRMLEADDELETE')).toHaveLength(2);
	});
});

test('a later refusal had something bound to take down', async () => {
	const made = await attempts.get('a later one of several events can not be bound');
	const calls = made?.portal.calls ?? [];
	const bound = calls.filter(({ params, status }) => params.event === 'ONCRMDEALADD' && status === 200);
	expect(bound.map(({ method }) => method)).toEqual(Array(5).fill(['event.bind', 'event.unbind']).flat());
});
