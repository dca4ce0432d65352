import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

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
