import { pendingAcksOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import type { QueueTarget } from '../../../../nodes/Bitrix24/queue/queueTarget.js';
import {
	openQueueTarget,
	ownQueueName,
	readPortalFeatures,
	subscribe,
} from '../../../../nodes/Bitrix24/queue/queueTarget.js';
import type { Subscription } from '../../../../nodes/Bitrix24/queue/setup.js';
import { queueKey, setUpQueue } from '../../../../nodes/Bitrix24/queue/setup.js';
import { memoryOf } from '../../../../nodes/Bitrix24/queue/retries.js';
import { readQueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

interface Given {
	form?: { [name: string]: unknown };
	features?: { [code: string]: string };
	portal?: ReturnType<typeof simulatedPortal>;
	isInteractive?: boolean;
}

/** Makes the queue of a trigger ready. */
async function prepared({ form = {}, features = {}, portal = simulatedPortal(), isInteractive = true }: Given = {}) {
	portal.include(features);
	const trigger = triggerContext({ parameters: form, portal });
	const { signal } = new AbortController();
	const noted: Subscription[] = [];
	const ready = await setUpQueue(trigger.context, readQueueSettings(trigger.context), {
		signal,
		isInteractive,
		tells: true,
		onSubscribed: (_, subscription) => void noted.push(subscription),
	});
	return { ...trigger, ready, noted };
}

describe('setUpQueue', () => {
	it('looks at plan, app and rights, and lets the portal collect the selected events', async () => {
		const { ready, portal, log } = await prepared({ form: { events: ['ONLEADDELETE', 'ONCRMLEADADD'] } });
		const looked = ['feature.get', 'feature.get', 'app.info', 'profile', 'events', 'event.get'];
		expect(portal.calls.map(({ method }) => method)).toEqual([...looked, 'event.bind', 'event.bind']);
		const bound = { connector_id: 'n8n_workflow-1_node-1', offline: 1 };
		expect(portal.handlers()).toEqual(['ONCRMLEADDELETE', 'ONCRMLEADADD'].map((event) => ({ event, ...bound })));
		const { client_endpoint: endpoint } = connectedApp.oauthTokenData;
		const { memberId } = portal.simulator;
		expect(ready).toMatchObject({
			events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'],
			isExclusive: true,
			canReserve: true,
			portal: { memberId, endpoint, status: 'L' },
		});
		expect(log).toEqual([]);
	});

	it('knows what is still owed to its queue, and to no other', async () => {
		const portal = simulatedPortal();
		const app = { memberId: portal.simulator.memberId, clientId: connectedApp.clientId };
		const key = queueKey(app, 'n8n_workflow-1_node-1');
		pendingAcksOf(key).acknowledge('process', ['1']);
		memoryOf(key).isFailing = true;
		const { ready } = await prepared({ portal });
		expect([ready.key, ready.pendingAcks.has('process', '1'), ready.memory.isFailing]).toEqual([key, true, true]);
		const { ready: named } = await prepared({ portal, form: { options: { queueName: 'leads' } } });
		expect([named.pendingAcks.has('process', '1'), named.memory.isFailing]).toEqual([false, false]);
	});
});

describe('an event that the portal does not know', () => {
	const form = { events: ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_7'] };

	it('holds up no other where no person waits', async () => {
		const { ready, noted, portal } = await prepared({ form, isInteractive: false });
		expect(ready.events).toEqual(['ONCRMLEADDELETE']);
		expect(noted).toMatchObject([{ events: ['ONCRMLEADDELETE'], missing: ['ONCRMLEADDELETE'] }]);
		expect(noted[0]?.problem?.message).toContain('This portal does not know ONCRMDYNAMICITEMADD_7.');
		portal.simulator.events.push('ONCRMDYNAMICITEMADD_7');
		expect(await ready.subscribe()).toMatchObject({ missing: ['ONCRMDYNAMICITEMADD_7'], problem: null });
		expect(ready.events).toHaveLength(2);
	});

	it('holds up no other later, where a person had waited', async () => {
		const { ready, portal } = await prepared({ form: { events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'] } });
		portal.simulator.events = ['ONCRMLEADDELETE'];
		expect((await ready.subscribe()).problem?.message).toContain('This portal does not know ONCRMLEADADD.');
	});
});

describe('what stands in the way', () => {
	it.each([
		[
			(portal: SimulatedPortal) => void portal.simulator.users.forEach((user) => (user.admin = false)),
			'The credential is connected as a user who is not an administrator of the portal, and Bitrix24 queues events for administrators only.',
		],
		[
			(portal: SimulatedPortal) => void (portal.simulator.events = ['ONCRMLEADADD']),
			'This portal does not know ONCRMLEADDELETE.',
		],
	])('is said, and nothing is collected (%#)', async (change, what) => {
		const portal = simulatedPortal();
		change(portal);
		await expect(prepared({ portal })).rejects.toThrow(what);
		expect(portal.handlers()).toEqual([]);
	});

	it.each(['afterSuccess', 'afterFinish'])('is a plan without reservation, for %s', async (acknowledge) => {
		const portal = simulatedPortal();
		const features = { rest_offline_extended: 'N' };
		await expect(prepared({ portal, features, form: { acknowledge } })).rejects.toThrow(
			'The portal\'s Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run. If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
		);
		expect(portal.handlers()).toEqual([]);
	});

	it('is no plan without reservation on receipt', async () => {
		const { ready } = await prepared({
			features: { rest_offline_extended: 'N' },
			form: { acknowledge: 'onReceipt' },
		});
		expect(ready.canReserve).toBe(false);
	});
});

describe('a queue that others use', () => {
	it('is warned of where the plan has no other', async () => {
		const portal = simulatedPortal();
		portal.bind({ event: 'ONCRMLEADADD', connector_id: '', offline: 1 });
		const { ready, log } = await prepared({ portal, features: { rest_auth_connector: 'N' } });
		expect(ready.isExclusive).toBe(false);
		expect(portal.handlers()).toContainEqual({ event: 'ONCRMLEADDELETE', connector_id: '', offline: 1 });
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: the portal\'s Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other\'s events. Use one trigger for each app.',
		]);
	});

	it('may collect for them too, which is told', async () => {
		const portal = simulatedPortal();
		for (const event of ['ONCRMLEADADD', 'ONCRMDEALADD']) {
			portal.bind({ event, connector_id: 'leads', offline: 1 });
		}
		const { ready, log } = await prepared({ portal, form: { options: { queueName: 'leads' } } });
		expect(ready).toMatchObject({ isExclusive: false, events: ['ONCRMLEADDELETE'] });
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: the queue "leads" also collects ONCRMLEADADD, ONCRMDEALADD, which this workflow does not select: they are left to whoever else uses it.',
		]);
		expect(portal.handlers()).toHaveLength(3);
		expect((await prepared({ form: { options: { queueName: 'leads' } } })).log).toEqual([]);
	});
});

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
	it.each([
		['', true, { settingUp: 3, reading: 6, acking: 6 }],
		['', false, { settingUp: 6, reading: 6, acking: 6 }],
		// The records of a queue that others use may be reserved by now.
		['leads', false, { settingUp: 6, reading: 1, acking: 6 }],
	])('is asked so often, in queue "%s", where somebody waits: %p', async (queueName, interactive, expected) => {
		const { station, attempts } = await open(queueName, {}, interactive);
		const seen = {
			settingUp: await attempts(settingUp(station)),
			reading: await attempts(reading(station)),
			acking: await attempts(acking(station)),
		};
		expect(seen).toEqual(expected);
	});
});

describe('a node that closes', () => {
	it('breaks off requests under way, but none that has to be told', async () => {
		const node = new AbortController();
		const { context, portal } = triggerContext();
		const { httpRequestWithAuthentication: send } = portal.helpers;
		const broken: Array<boolean | undefined> = [];
		const station = await openQueueTarget(context, { queueName: '' }, node.signal, false);
		context.helpers.httpRequestWithAuthentication = async (type, options) => {
			const { abortSignal } = options;
			if (broken.length === 2) node.abort();
			broken.push(abortSignal && Object(abortSignal).aborted === false);
			return await send(type, options);
		};
		for (const use of [settingUp, reading, acking]) await use(station)();
		expect(broken).toEqual([true, true, undefined]);
	});
});

describe('readPortalFeatures', () => {
	it.each([
		['that does not know the feature', refused(400, 'ERROR_ARGUMENT', 'Unknown feature')],
		['that does not know the method', refused(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!')],
		['that answers in a form of its own', result([])],
	])('takes a portal %s to have it: what it lacks shows when it is used', async (_, answer) => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', answer);
		expect(await readPortalFeatures(portalBehind(portal))).toEqual({ reservation: true, namedQueues: true });
	});

	it('says what stands in the way of looking', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', refused(500, 'PORTAL_DELETED', ''));
		await expect(readPortalFeatures(portalBehind(portal))).rejects.toThrow('This Bitrix24 portal has been deleted.');
	});
});

it('a workflow that has never been saved has a queue all the same', () => {
	const { context } = triggerContext();
	expect(ownQueueName({ ...context, getWorkflow: () => ({ active: false }) })).toBe('n8n_new_node-1');
});

/** A place on a portal that collects these events in this queue. */
function placeWith(collected: string[], { connector = 'queue', isOwn = true } = {}) {
	const fake = simulatedPortal();
	const portal = portalBehind(fake);
	for (const event of collected) fake.bind({ event, connector_id: connector, offline: 1 });
	fake.bind({ event: 'ONCRMDEALADD', connector_id: 'another', offline: 1 });
	fake.bind({ event: 'ONCRMDEALADD', handler: 'https://example.com/', auth_type: '0', offline: 0 });
	const place = { client: portal, isExclusive: isOwn, destination: { kind: 'offline' as const, connector } };
	const collects = () =>
		fake
			.handlers()
			.flatMap(({ event, connector_id: id }) => (id === connector ? [event] : []))
			.sort();
	return { fake, place, collects };
}

describe('subscribe', () => {
	it('lets the portal collect the wanted events, and nothing else, in a queue of the trigger', async () => {
		const { fake, place, collects } = placeWith(['ONCRMLEADADD', 'ONCRMLEADUPDATE']);
		expect(await subscribe(place, ['ONCRMLEADDELETE', 'ONCRMLEADADD'])).toEqual({
			missing: ['ONCRMLEADDELETE'],
			others: [],
		});
		expect(fake.callsOf('event.get')).toHaveLength(1);
		expect(collects()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		expect(fake.callsOf('event.bind')).toEqual([
			{ event: 'ONCRMLEADDELETE', event_type: 'offline', auth_connector: 'queue' },
		]);
		expect(fake.callsOf('event.unbind')).toEqual([
			{ event: 'ONCRMLEADUPDATE', event_type: 'offline', auth_connector: 'queue' },
		]);
		expect(fake.handlers().filter(({ event }) => event === 'ONCRMDEALADD')).toHaveLength(2);
	});

	it('lets be what others collect in a queue that they use too, and names each once, by one of its names', async () => {
		const collected = ['ONLEADDELETE', 'ONCRMLEADADD', 'ONCRMLEADADD'];
		const { fake, place, collects } = placeWith(collected, { isOwn: false });
		const wanted = ['ONCRMLEADDELETE', 'ONCRMLEADUPDATE'];
		expect(await subscribe(place, wanted)).toEqual({ missing: wanted, others: ['ONCRMLEADADD'] });
		expect(fake.callsOf('event.get')).toHaveLength(1);
		expect(collects()).toEqual(['ONCRMLEADADD', ...wanted]);
	});

	it.each([true, false])(
		'lets be what the user has chosen and the portal does not know at the moment (own queue: %p)',
		async (isOwn) => {
			const { place, collects } = placeWith(['ONCRMDYNAMICITEMADD_1220', 'ONCRMLEADDELETE'], { isOwn });
			const selected = ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_1220'];
			expect(await subscribe(place, ['ONCRMLEADDELETE'], selected)).toEqual({ missing: [], others: [] });
			expect(collects()).toEqual(['ONCRMDYNAMICITEMADD_1220', 'ONCRMLEADDELETE']);
		},
	);
});
