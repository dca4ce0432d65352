import type { QueueTarget } from '../../../../nodes/Bitrix24/queue/setup.js';
import { openQueueTarget } from '../../../../nodes/Bitrix24/queue/setup.js';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const settingUp =
	({ client }: QueueTarget) =>
	async () =>
		await client.tryCall('event.get');
const reading =
	({ queue }: QueueTarget) =>
	async () =>
		await queue.reserve({ limit: 1, event: null });
const acking =
	({ queue }: QueueTarget) =>
	async () =>
		await queue.acknowledge('process', ['1']);

/** The trigger's queue on its portal. */
async function open(queueName = '', features: { [code: string]: string } = {}, interactive = false) {
	const fake = simulatedPortal();
	fake.include(features);
	const { context } = triggerContext({ portal: fake });
	const node = new AbortController();
	const station = await openQueueTarget(context, { queueName }, node.signal, interactive);

	/** How often a call is made that the portal never answers, within a minute. */
	async function attempts(use: () => Promise<unknown>): Promise<number> {
		fake.calls.length = 0;
		for (const method of ['event.get', 'event.offline.get', 'event.offline.clear']) {
			fake.answers.set(method, new Error('read ECONNRESET'));
		}
		void use().catch(() => undefined);
		await jest.advanceTimersByTimeAsync(60_000);
		return fake.calls.length;
	}
	return { station, node, fake, attempts };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the queue of a trigger', () => {
	it.each([
		['one that n8n names for it', '', 'Y', 'n8n_workflow-1_node-1', true],
		['one that the user names, which others may use', 'leads', 'Y', 'leads', false],
		['the shared one, where the plan has no other', '', 'N', null, false],
		['the shared one, whatever the user names', 'leads', 'N', null, false],
	])('is %s', async (_, queueName, feature, connector, isOwn) => {
		const { station, fake } = await open(queueName, { rest_auth_connector: feature });
		expect(station.destination).toEqual({ kind: 'offline', connector });
		expect(station.isExclusive).toBe(isOwn);
		expect(station.features).toEqual({ reservation: true, namedQueues: feature === 'Y' });
		expect(station.connection.memberId).toBe(fake.simulator.memberId);
	});
});

describe('a portal that does not answer', () => {
	it('is asked three times while somebody waits, and six times otherwise', async () => {
		const hurried = await open('', {}, true);
		expect(await hurried.attempts(settingUp(hurried.station))).toBe(3);
		const patient = await open();
		expect(await patient.attempts(settingUp(patient.station))).toBe(6);
	});

	it.each([true, false])('is read and told patiently, whether or not somebody waits: %p', async (interactive) => {
		const { station, attempts } = await open('', {}, interactive);
		expect(await attempts(reading(station))).toBe(6);
		expect(await attempts(acking(station))).toBe(6);
	});

	it('is not asked again for records of a queue that others use: they may be reserved by now', async () => {
		const { station, attempts } = await open('leads');
		expect(await attempts(reading(station))).toBe(1);
		expect(await attempts(acking(station))).toBe(6);
	});
});

describe('a node that closes', () => {
	it('breaks off everything but what has to be told', async () => {
		const { station, node, fake, attempts } = await open();
		node.abort();
		expect(await attempts(acking(station))).toBe(6);
		fake.calls.length = 0;
		let hasEnded = false;
		void Promise.allSettled([settingUp(station)(), reading(station)()]).then(() => (hasEnded = true));
		await jest.advanceTimersByTimeAsync(0);
		expect(hasEnded).toBe(true);
	});

	it('breaks off requests under way, but none that tells something', async () => {
		const signals: unknown[] = [];
		const { context, portal } = triggerContext();
		const { httpRequestWithAuthentication: send } = portal.helpers;
		context.helpers.httpRequestWithAuthentication = async (type, options) => {
			signals.push(options.abortSignal);
			return await send(type, options);
		};
		const { signal } = new AbortController();
		const station = await openQueueTarget(context, { queueName: '' }, signal, false);
		signals.length = 0;
		for (const use of [settingUp, reading, acking]) await use(station)();
		expect(signals).toEqual([signal, signal, undefined]);
	});
});

it('says what to do when the credential is not connected', async () => {
	const { context } = triggerContext({ credential: new Error('There is none') });
	const { signal } = new AbortController();
	await expect(openQueueTarget(context, { queueName: '' }, signal, true)).rejects.toThrow(
		'The Bitrix24 credential of this node is missing or can not be read.',
	);
});
