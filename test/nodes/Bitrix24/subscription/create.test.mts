import { readChallenge } from '../../../../nodes/Bitrix24/applicationToken/challenge.js';
import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { ourTrigger } from '../../../fakes/challenge.mjs';
import { given, learning, outgoing } from '../../../fakes/deliver.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';

const bound = (event: string, handler = productionUrl) => ({ event, handler, auth_type: '0', offline: 0 });
const others = bound('ONCRMLEADDELETE', 'https://other.example.com/');

/** Activates a trigger on deleted leads whose credential has the application token; a test says what differs. */
async function activate(changes: Parameters<typeof hookContext>[0] = {}) {
	const hook = hookContext({ credentials: given, ...changes });
	expect(await create(hook.context)).toBe(true);
	return { ...hook, events: hook.portal.handlers().map(({ event, handler }) => [event, handler]) };
}

describe('create, with a token in the credential', () => {
	it('binds what is selected at its URL, and asks for no test event', async () => {
		const parameters = { events: ['ONCRMLEADDELETE', 'ONCRMDEALADD'], otherEvents: ['ONCRMDYNAMICITEMADD_1220'] };
		const { events, portal, log } = await activate({ parameters });
		expect(events).toEqual([
			['ONCRMLEADDELETE', productionUrl],
			['ONCRMDEALADD', productionUrl],
			['ONCRMDYNAMICITEMADD_1220', productionUrl],
		]);
		expect(portal.callsOf('event.test')).toEqual([]);
		expect(log).toEqual([]);
	});

	it('leaves exactly one handler per event however often it runs, and others as they are', async () => {
		const portal = simulatedPortal();
		portal.bind(others);
		await activate({ portal });
		await activate({ portal });
		expect(portal.handlers()).toEqual([others, bound('ONCRMLEADDELETE')]);
	});

	it('follows a change of the events', async () => {
		const portal = simulatedPortal();
		await activate({ portal, parameters: { events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'] } });
		await activate({ portal, parameters: { events: ['ONCRMLEADADD', 'ONCRMDEALADD'] } });
		expect(portal.handlers()).toEqual([bound('ONCRMLEADADD'), bound('ONCRMDEALADD')]);
	});

	it('binds the event under the name that the portal knows', async () => {
		const portal = simulatedPortal();
		portal.simulator.events = ['ONLEADDELETE'];
		expect((await activate({ portal })).events).toEqual([['ONLEADDELETE', productionUrl]]);
	});
});

describe('create, without a token in the credential', () => {
	it('has the portal send back what only this trigger can have made, once everything is bound', async () => {
		const { events, portal, staticData } = await activate({ credentials: learning });
		expect(events).toEqual([
			['ONCRMLEADDELETE', productionUrl],
			['ONAPPTEST', productionUrl],
		]);
		expect(portal.calls.at(-1)?.method).toBe('event.test');
		const [{ challenge } = {}] = portal.callsOf('event.test');
		expect(readChallenge(ourTrigger, String(challenge), Date.now())).toEqual({
			purpose: 'learn',
			issuedAt: expect.any(Number),
		});
		expect(Object.keys(portal.callsOf('event.test')[0] ?? {})).toEqual(['challenge']);
		expect(staticData).toEqual({});
	});

	it('asks with another challenge each time', async () => {
		const asked = await Promise.all([1, 2].map(async () => await activate({ credentials: learning })));
		const nonces = asked.map(({ portal }) => String(portal.callsOf('event.test')[0]?.challenge).split('.')[2]);
		expect(nonces).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
		expect(nonces[0]).not.toBe(nonces[1]);
	});

	it('binds the test event once, also where the user selected it', async () => {
		const portal = simulatedPortal();
		portal.simulator.events.push('ONAPPTEST');
		const parameters = { events: ['ONCRMLEADDELETE'], otherEvents: ['ONAPPTEST'] };
		const { events } = await activate({ portal, parameters, credentials: learning });
		expect(events.map(([event]) => event)).toEqual(['ONCRMLEADDELETE', 'ONAPPTEST']);
	});
});

describe('create, while the editor listens', () => {
	const url = 'https://n8n.example.com/webhook-test/0d2f/webhook';

	it.each([
		['no', learning],
		['a', given],
	])('asks for a sample only, at the test URL (with %s token)', async (_name, credentials) => {
		const { events, portal } = await activate({ mode: 'manual', url, credentials });
		expect(events).toEqual([['ONAPPTEST', url]]);
		const [{ challenge } = {}] = portal.callsOf('event.test');
		expect(readChallenge(ourTrigger, String(challenge), Date.now())?.purpose).toBe('sample');
	});

	it('waits for a real event where the user wants that', async () => {
		const parameters = { events: ['ONCRMLEADDELETE'], options: { testWith: 'realEvent' } };
		const { events, portal } = await activate({ mode: 'manual', url, parameters, credentials: learning });
		expect(events).toEqual([['ONCRMLEADDELETE', url]]);
		expect(portal.callsOf('event.test')).toEqual([]);
	});

	it('leaves the handlers of the active workflow as they are', async () => {
		const portal = simulatedPortal();
		await activate({ portal });
		await activate({ portal, mode: 'manual', url });
		expect(portal.handlers()).toEqual([bound('ONCRMLEADDELETE'), bound('ONAPPTEST', url)]);
	});
});

describe('create, for an outgoing webhook', () => {
	const parameters = { authentication: 'outgoingWebhook', events: ['ONCRMLEADDELETE'] };

	it('has nothing to register: that is done by hand', async () => {
		const { portal } = await activate({ parameters, credentials: outgoing });
		expect(portal.calls).toEqual([]);
	});

	it.each([
		['no event is selected', { ...parameters, events: [] }, outgoing, 'No event is selected.'],
		['the credential holds no token', parameters, { bitrix24OutgoingWebhookApi: {} }, 'holds no application token'],
	])('refuses when %s', async (_name, chosen, credentials, words) => {
		await expect(create(hookContext({ parameters: chosen, credentials }).context)).rejects.toThrow(words);
	});
});
