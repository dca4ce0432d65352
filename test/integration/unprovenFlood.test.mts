import { Bitrix24QueueTrigger } from '../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { processState } from '../../nodes/Bitrix24/n8n/processState.js';
import { until } from '../e2e/support/until.mjs';
import { again } from './support/again.mjs';
import { openN8n } from './support/openN8n.mjs';
import { startTrigger } from './support/startTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';
import { learned, withLostAnswer } from './support/withLostAnswer.mjs';

let end: (() => Promise<void>) | undefined;
afterEach(async () => await end?.());
const openTrigger = useTrigger();

test('1,000 unproven deliveries in a minute, to twelve triggers of one portal, cost ten calls and forty lines; a queue trigger and a real lesson come through', async () => {
	const first = await withLostAnswer(openTrigger);
	const { portal } = first;
	const triggers = [first];
	portal.faults.deliveries = 'lost';
	for (let index = 2; index <= 12; index++) {
		const another = await openTrigger({ portal });
		another.node.id = `node-${index}`;
		await another.activate();
		triggers.push(another);
	}
	const lesson = again(portal.deliveries[0]);
	const nodeType = new Bitrix24QueueTrigger();
	const queue = await openN8n({ nodeType, portal, parameters: { checkEvery: 5 } });
	const running = await startTrigger(queue.n8n);
	end = async () => {
		await running.close();
		running.callOff();
		await queue.close();
	};
	// The answers to the activations' questions are under way no more.
	processState.tokenWatches.clear();
	processState.rateLimiters.clear();
	portal.clearCalls();

	const auth = { access_token: 'f'.repeat(70), application_token: 'f'.repeat(32) };
	const forged = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1' } }, { auth });
	const flood = async (count: number) => {
		const shares = triggers.map(async ({ receive }, share) => {
			for (let index = share; index < count; index += triggers.length) expect((await receive(forged)).status).toBe(403);
		});
		await Promise.all(shares);
	};
	await flood(500);
	const lead = Number(portal.leads.add().ID);
	portal.leads.delete(lead);
	expect((await first.receive(lesson)).status).toBe(200);
	expect(learned(first)).toContain('hash');
	await flood(500);
	await until(
		'the queue trigger has run',
		() => running.emitted.some(({ items }) => items.some(({ leadId }) => leadId === lead)),
		60_000,
	);

	const ofOthers = ['event.unbind', 'event.offline.get', 'event.offline.clear', 'event.offline.list'];
	const calls = portal.calls.filter(({ method }) => !ofOthers.includes(method));
	expect(calls.length).toBeLessThanOrEqual(10);
	expect(portal.rateLimited).toBe(0);
	expect(triggers.flatMap(({ n8n }) => n8n.log).length).toBeLessThanOrEqual(40);
	const robots = portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '2' } }, { by: 'robot' });
	expect((await first.receive(robots)).status).toBe(200);
	expect(first.n8n.executions).toHaveLength(1);
}, 240_000);
