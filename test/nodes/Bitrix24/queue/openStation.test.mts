import type { Portal } from '../../../../nodes/Bitrix24/api/client.js';
import { openStation } from '../../../../nodes/Bitrix24/queue/setup.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { fakePortal } from '../../../fakes/fakePortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

/** The trigger's place on its portal. */
async function open(queueName = '', features: { [code: string]: string } = {}, somebodyWaits = false) {
	const fake = fakePortal();
	Object.assign(fake.state.features, features);
	const { context } = triggerContext({ portal: fake });
	const node = new AbortController();
	const station = await openStation(context, { queueName }, node.signal, somebodyWaits);

	/** How often a call is made that the portal never answers, within a minute. */
	async function attempts(portal: Portal): Promise<number> {
		fake.calls.length = 0;
		fake.answers.set('event.get', new Error('read ECONNRESET'));
		void portal.call('event.get');
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
		const { station } = await open(queueName, { rest_auth_connector: feature });
		expect(station.address).toEqual({ kind: 'offline', connector });
		expect(station.isOwn).toBe(isOwn);
		expect(station.plan).toEqual({ reservation: true, ownQueues: feature === 'Y' });
		expect(station.connection.memberId).toBe(connectedApp.oauthTokenData.member_id);
	});
});

describe('a portal that does not answer', () => {
	it('is asked three times while somebody waits, and six times otherwise', async () => {
		const hurried = await open('', {}, true);
		expect(await hurried.attempts(hurried.station.portal)).toBe(3);
		const patient = await open();
		expect(await patient.attempts(patient.station.portal)).toBe(6);
	});

	it.each([true, false])('is read and told patiently, whether or not somebody waits: %p', async (somebodyWaits) => {
		const { station, attempts } = await open('', {}, somebodyWaits);
		expect(await attempts(station.reading)).toBe(6);
		expect(await attempts(station.settling)).toBe(6);
	});

	it('is not asked again for records of a queue that others use: they may be reserved by now', async () => {
		const { station, attempts } = await open('leads');
		expect(await attempts(station.reading)).toBe(1);
		expect(await attempts(station.settling)).toBe(6);
	});
});

describe('a node that closes', () => {
	it('breaks off everything but what has to be told', async () => {
		const { station, node, fake, attempts } = await open();
		node.abort();
		expect(await attempts(station.settling)).toBe(6);
		fake.calls.length = 0;
		let hasEnded = false;
		void Promise.all([station.portal.call('event.get'), station.reading.call('event.get')]).then(
			() => (hasEnded = true),
		);
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
		const station = await openStation(context, { queueName: '' }, signal, false);
		signals.length = 0;
		for (const each of [station.portal, station.reading, station.settling]) await each.call('event.get');
		expect(signals).toEqual([signal, signal, undefined]);
	});
});

it('says what to do when the credential is not connected', async () => {
	const { context } = triggerContext({ credential: new Error('There is none') });
	const { signal } = new AbortController();
	await expect(openStation(context, { queueName: '' }, signal, true)).rejects.toThrow(
		'The Bitrix24 credential of this node is missing or can not be read.',
	);
});
