import { clientFor } from '../simulator/client.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

/** What is bound for one event, in the form in which the portal lists it. */
const row = (event: string, handler: string) => ({ event, handler, auth_type: '0', offline: 0 });

describe('activating', () => {
	test('binds each selected event once, however often it is done', async () => {
		const { n8n, portal, url, activate, settled } = await openTrigger({
			parameters: {
				events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'],
				otherEvents: ['oncrmleadadd', 'ONCRMDYNAMICITEMADD_1220'],
			},
		});
		const wanted = ['ONCRMLEADDELETE', 'ONCRMLEADADD', 'ONCRMDYNAMICITEMADD_1220'].map((event) => row(event, url));
		await activate();
		expect(portal.handlers()).toEqual(wanted);
		await activate();
		await n8n.hook('create');
		await settled();
		await n8n.activate('init');
		expect(portal.handlers()).toEqual(wanted);
	});

	test('after a restart of n8n changes nothing on the portal', async () => {
		const { n8n, portal, activate } = await openTrigger();
		await activate();
		portal.clearCalls();
		await n8n.activate('init');
		expect(new Set(portal.calls.map(({ method }) => method))).toEqual(new Set(['events', 'event.get']));
	});

	test.each([
		['more', ['ONCRMLEADDELETE', 'ONCRMLEADADD']],
		['others', ['ONCRMDEALADD']],
		['fewer', ['ONCRMLEADUPDATE']],
	])('after a change to %s binds what is missing and takes down what is left over', async (_, events) => {
		const { n8n, node, activate, bound } = await openTrigger({
			parameters: { events: ['ONCRMLEADDELETE', 'ONCRMLEADUPDATE'] },
		});
		await activate();
		node.parameters.events = events;
		expect(await n8n.hook('checkExists')).toBe(false);
		await activate();
		expect(bound()).toEqual([...events].sort());
		expect(await n8n.hook('checkExists')).toBe(true);
	});

	test('binds again what somebody took down', async () => {
		const { portal, url, n8n, activate, bound } = await openTrigger();
		await activate();
		await clientFor(portal)('event.unbind', { event: 'ONCRMLEADDELETE', handler: url });
		expect(await n8n.hook('checkExists')).toBe(false);
		await activate();
		expect(bound()).toEqual(['ONCRMLEADDELETE']);
	});
});

describe('what is none of its business', () => {
	test('stays: other URLs, other apps, the offline queue', async () => {
		const { n8n, portal, url, activate } = await openTrigger();
		const call = clientFor(portal);
		for (const event of ['ONCRMLEADDELETE', 'ONCRMLEADADD', 'ONAPPTEST']) {
			await call('event.bind', { event, handler: `${url}-of-another-workflow` });
			await call('event.bind', { event, event_type: 'offline', auth_connector: 'another' });
			portal.bindForOtherApp(event, url);
		}
		const others = portal.handlers();
		await activate();
		expect(portal.handlers()).toEqual([...others, row('ONCRMLEADDELETE', url)]);
		await n8n.deactivate();
		expect(portal.handlers()).toEqual(others);
	});

	test('stays: another trigger of the same app', async () => {
		const first = await openTrigger();
		const second = await openTrigger({ portal: first.portal, parameters: { events: ['ONCRMLEADADD'] } });
		await first.activate();
		await second.activate();
		await first.n8n.deactivate();
		expect(first.bound()).toEqual([]);
		expect(second.bound()).toEqual(['ONCRMLEADADD']);
	});
});

describe('deactivating', () => {
	test('leaves no handler, nor one that still waits for the token', async () => {
		const { n8n, portal, activate, bound } = await openTrigger();
		portal.faults.deliveries = 'lost';
		await activate();
		expect(bound()).toEqual(['ONAPPTEST', 'ONCRMLEADDELETE']);
		await n8n.deactivate();
		expect(portal.handlers()).toEqual([]);
		await expect(n8n.deactivate()).resolves.not.toThrow();
	});

	test('passes where the portal no longer knows the app, and says so in the log', async () => {
		const { n8n, portal, activate } = await openTrigger();
		await activate();
		portal.revokeAccessTokens();
		portal.revokeRefreshTokens();
		await n8n.deactivate();
		expect(n8n.log).toContainEqual(expect.stringMatching(/^warn: .*could not take its handlers down/));
	});

	test('passes where nobody chose a credential', async () => {
		const { n8n } = await openTrigger({ oAuth2: null });
		await expect(n8n.deactivate()).resolves.not.toThrow();
	});
});
