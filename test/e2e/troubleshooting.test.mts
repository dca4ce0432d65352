import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const diagnoses = readDiagnoses();

let world: World;
let other: Simulator;
beforeAll(async () => {
	world = await openWorld();
	other = await startSimulator();
});
afterAll(async () => {
	await other?.stop();
	await world?.close();
});

test('docs/troubleshooting.md quotes how the window ends that asks the wrong authorization server', async () => {
	const [window = ''] = diagnoses.get(10)?.windows ?? [];
	expect(window).not.toBe('');
	const connecting = connect(world, world.portal, { authorizationServer: other.authorizationServer });
	await expect(connecting).rejects.toThrow(window.replace('\n', ': '));
});

test('whoever listens in the editor is told at once that the application token is an old one', async () => {
	const credentials = await connect(world, world.portal, {
		applicationToken: 'the-one-before-the-app-was-reinstalled',
	});
	const trigger = await Trigger.add(world, { credentials });
	const listening = await world.client.listenForTestEvent(trigger.id, TRIGGER);
	const execution = await listening.received();
	expect(execution).toMatchObject({ status: 'error', mode: 'manual' });
	expect(execution.itemsOf(TRIGGER)).toEqual([]);
	expect(diagnoses.get(8)?.quotes).toContain(execution.error);
});

test('docs/troubleshooting.md quotes what n8n says of a queue trigger without an administrator, or without reservation', async () => {
	const plan = { rest: true, offlineExtended: false, authConnector: true };
	const [admin, user] = [...other.users];
	const portals = [
		await startSimulator({ users: [user, admin].flatMap((one) => one ?? []) }),
		await startSimulator({ plan }),
	];
	const said = await Promise.all(
		portals.map(async (portal) => {
			const trigger = await QueueTrigger.add({ ...world, portal }, { credentials: await connect(world, portal) });
			return await trigger.tryToActivate();
		}),
	);
	for (const portal of portals) await portal.stop();
	// The words before it are n8n's.
	const refused = (number: number) => ({
		active: false,
		message: `There was a problem activating the workflow: "${diagnoses.get(number)?.quotes[1]}"`,
	});
	expect(said).toEqual([refused(5), refused(6)]);
});
