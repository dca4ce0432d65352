import { NodeOperationError } from 'n8n-workflow';

import { readChallenge } from '../../../../nodes/Bitrix24/applicationToken/challenge.js';
import { tokenWatchOf } from '../../../../nodes/Bitrix24/applicationToken/question.js';
import { takeFailedActivation, trackActivation } from '../../../../nodes/Bitrix24/subscription/activationState.js';
import { checkExists, create, remove } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { challengeOf, ourTrigger } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { testEvent } from '../../../fakes/delivery.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const bound = (event: string, handler = productionUrl) => ({ event, handler, auth_type: '0', offline: 0 });
const others = bound('ONCRMLEADDELETE', 'https://other.example.com/');

function portalWith(...handlers: ReturnType<typeof bound>[]) {
	const portal = simulatedPortal();
	portal.bind(...handlers);
	return portal;
}

/** Activates a trigger on deleted leads that has to learn its application token; a test says what differs. */
async function activate(changes: Parameters<typeof hookContext>[0] = {}) {
	const hook = hookContext({ credentials: learning, ...changes });
	expect(await create(hook.context)).toBe(true);
	return { ...hook, events: hook.portal.handlers().map(({ event, handler }) => [event, handler]) };
}

describe('create, without a token in the credential', () => {
	it('has the portal send back what only this trigger can have made, once everything is bound', async () => {
		const { events, portal, staticData } = await activate();
		expect(events).toEqual([
			['ONCRMLEADDELETE', productionUrl],
			['ONAPPTEST', productionUrl],
		]);
		expect(portal.calls.at(-1)?.method).toBe('event.test');
		const [{ challenge } = {}] = portal.callsOf('event.test');
		expect(readChallenge(ourTrigger, String(challenge), Date.now())).toEqual({
			purpose: 'learn',
			issuedAt: expect.any(Number),
			address: productionUrl,
		});
		expect(Object.keys(portal.callsOf('event.test')[0] ?? {})).toEqual(['challenge']);
		expect(staticData).toEqual({});
	});

	it('asks with another challenge each time', async () => {
		const asked = await Promise.all([1, 2].map(async () => await activate()));
		const nonces = asked.map(({ portal }) => String(portal.callsOf('event.test')[0]?.challenge).split('.')[2]);
		expect(nonces).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
		expect(nonces[0]).not.toBe(nonces[1]);
	});

	it('binds the test event once, also where the user selected it', async () => {
		const portal = simulatedPortal();
		portal.simulator.events.push('ONAPPTEST');
		const parameters = { events: ['ONCRMLEADDELETE'], otherEvents: ['ONAPPTEST'] };
		const { events } = await activate({ portal, parameters });
		expect(events.map(([event]) => event)).toEqual(['ONCRMLEADDELETE', 'ONAPPTEST']);
	});
});

it('an activation that is refused says the whole advice in its message, and leaves nothing behind', async () => {
	const portal = simulatedPortal();
	portal.answers.set('event.bind', refused(400, 'ERROR_WRONG_HANDLER_URL', ''));
	const { context, staticData } = hookContext({ credentials: given, portal });
	const thrown: unknown = await create(context).catch((error: unknown) => error);
	expect(thrown).toBeInstanceOf(NodeOperationError);
	expect(thrown).toMatchObject({
		message: expect.stringMatching(/does not accept this n8n's webhook URL.* Set WEBHOOK_URL to the address/),
		description: expect.stringMatching(/^It must be a public address\. Set WEBHOOK_URL/),
	});
	expect([portal.handlers(), staticData]).toEqual([[], {}]);
	const shown = JSON.stringify(thrown);
	for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
	const without = create(hookContext({ credentials: given, url: null }).context);
	await expect(without).rejects.toThrow('n8n has no webhook URL for this node. Save the workflow and try again.');
});

/** Checks a trigger on deleted leads whose credential has the application token; a test says what differs. */
const check = async (changes: Parameters<typeof hookContext>[0]) =>
	await checkExists(hookContext({ credentials: given, ...changes }).context);

describe('checkExists', () => {
	it.each([
		['nothing', []],
		['it at another URL only', [bound('ONCRMLEADDELETE', 'https://other.example.com/')]],
		['more than is wanted', [bound('ONCRMLEADDELETE'), bound('ONCRMDEALADD')]],
		['the learning handler still', [bound('ONCRMLEADDELETE'), bound('ONAPPTEST')]],
		['it twice', [bound('ONCRMLEADDELETE'), { ...bound('ONCRMLEADDELETE'), auth_type: '27' }]],
	])('is false when the portal has %s', async (_name, handlers) => {
		expect(await check({ portal: portalWith(...handlers) })).toBe(false);
	});

	it('is true once the token is learned, and false for another app', async () => {
		const payload = testEvent(challengeOf('learn'));
		const { staticData } = await deliver({ payload, credentials: learning });
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		expect(await check({ portal, staticData, credentials: learning })).toBe(true);
		const another = { bitrix24OAuth2Api: { ...connectedApp, clientId: 'local.other' } };
		expect(await check({ portal, staticData, credentials: another })).toBe(false);
	});

	it.each([
		['for an outgoing webhook', { parameters: { authentication: 'outgoingWebhook' }, credentials: {} }],
		['while the editor listens', { mode: 'manual' as const }],
	])('is false %s, without a look at the portal', async (_name, changes) => {
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		expect(await check({ portal, ...changes })).toBe(false);
		expect(portal.calls).toEqual([]);
	});
});

describe('remove', () => {
	it('does so whatever is selected by now, even nothing', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		expect(await remove(hookContext({ portal, parameters: { events: [] } }).context)).toBe(true);
		expect(portal.handlers()).toEqual([]);
	});

	it.each(['event.get', 'event.unbind'])(
		'throws when the portal refuses %s, so that n8n tries again',
		async (method) => {
			const portal = portalWith(bound('ONCRMLEADDELETE'));
			portal.answers.set(method, refused(403, 'INVALID_CREDENTIALS', ''));
			const removing = remove(hookContext({ portal }).context);
			await expect(removing).rejects.toThrow(NodeOperationError);
			await expect(removing).rejects.toThrow('lacks the rights for this in Bitrix24');
		},
	);

	describe.each([
		['create', create],
		['checkExists', checkExists],
	])('after a refused activation, in %s', (_name, step) => {
		const appToken = { bitrix24OAuth2Api: { ...connectedApp, applicationToken: 'given' } };

		async function refuse(whileTakingDown = 'INVALID_CREDENTIALS') {
			const portal = portalWith(bound('ONAPPTEST'));
			portal.answers.set('events', refused(403, 'INVALID_CREDENTIALS', ''));
			portal.answers.set('event.get', refused(403, whileTakingDown, ''));
			const hook = hookContext({ portal, credentials: appToken });
			await expect(step(hook.context)).rejects.toThrow('lacks the rights');
			return hook;
		}

		it('does not throw, once: n8n would keep the path, and never register the trigger again', async () => {
			const { context, log } = await refuse();
			// The user has just been told: the log does not repeat it.
			expect([await remove(context), log]).toEqual([true, []]);
			await expect(remove(context)).rejects.toThrow('lacks the rights');
		});

		it('says in the log what else stands in its way', async () => {
			const { context, log } = await refuse('WRONG_AUTH_TYPE');
			await remove(context);
			expect(log).toEqual([
				expect.stringMatching(
					/^Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it could not take its handlers down\. .* only to an app/,
				),
			]);
		});

		it('throws again for an activation that has succeeded since', async () => {
			const { context, portal } = await refuse();
			portal.answers.clear();
			expect(await create(context)).toBe(true);
			portal.answers.set('event.get', refused(403, 'INVALID_CREDENTIALS', ''));
			await expect(remove(context)).rejects.toThrow('lacks the rights');
		});
	});

	it('throws a fault of its own as one', async () => {
		const { context } = hookContext();
		context.getNodeWebhookUrl = () => {
			throw new TypeError('broken');
		};
		await expect(remove(context)).rejects.toThrow('broken');
	});
});

describe('addresses of a trigger that has moved', () => {
	const former = 'https://old.example.com/webhook/0d2f/webhook';
	const testUrl = 'https://n8n.example.com/webhook-test/0d2f/webhook';
	const editorUrl = 'https://editor.example.com/webhook-test/0d2f/webhook';
	const remembered = (url = former, ids = {}) => ({
		address: { url, workflowId: 'workflow-1', nodeId: 'node-1', ...ids },
	});
	const urls = (portal: SimulatedPortal) => [...new Set(portal.handlers().map(({ handler }) => handler))];
	const withEditor = (changes: Parameters<typeof hookContext>[0]) => {
		const hook = hookContext({ credentials: given, ...changes });
		hook.context.getInstanceBaseUrl = () => 'https://editor.example.com/';
		return hook;
	};

	it.each([
		['a token in its credential', given],
		['a token to be learned', learning],
	])(
		'are left by an activation, once the new one is bound, with a line in the log (with %s)',
		async (_name, credentials) => {
			const portal = portalWith(bound('ONCRMLEADDELETE', former), bound('ONAPPTEST', former), others);
			const { context, log } = hookContext({ portal, credentials, staticData: remembered() });
			expect(await checkExists(context)).toBe(false);
			await create(context);
			expect(urls(portal)).toEqual([others.handler, productionUrl]);
			const order = portal.calls.map(({ method }) => method);
			expect(order.indexOf('event.unbind')).toBeGreaterThan(order.lastIndexOf('event.bind'));
			expect(log).toEqual([
				`Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it receives events at ${productionUrl} now, and has taken down the handlers that it had at ${former}.`,
			]);
		},
	);

	it('are remembered where nothing is to be learned, last of all; a token that was learned before is forgotten', async () => {
		const staticData = { applicationToken: {} };
		await create(hookContext({ credentials: given, staticData }).context);
		expect(staticData).toEqual(remembered(productionUrl));
		const refusing = simulatedPortal();
		refusing.answers.set('event.bind', refused(403, 'ACCESS_DENIED', ''));
		const untouched = {};
		await create(hookContext({ credentials: given, staticData: untouched, portal: refusing }).context).catch(
			() => null,
		);
		expect(untouched).toEqual({});
	});

	it.each([
		['another workflow', { workflowId: 'workflow-2' }],
		['another node', { nodeId: 'node-2' }],
		['nobody', { nodeId: undefined }],
	])('stay where they belong to %s: the data came with a copy', async (_name, ids) => {
		const portal = portalWith(bound('ONCRMLEADDELETE', former));
		const { context, log } = hookContext({ portal, credentials: given, staticData: remembered(former, ids) });
		await create(context);
		expect([urls(portal), log]).toEqual([[former, productionUrl], []]);
	});

	it('stay, and are remembered, when the trigger is deactivated', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE', former), bound('ONCRMLEADDELETE'));
		const staticData = { ...remembered(), applicationToken: { hash: 'x' } };
		await remove(hookContext({ portal, credentials: given, staticData }).context);
		expect([urls(portal), staticData]).toEqual([[former], remembered()]);
	});

	it.each([
		['nothing is bound there any more', former],
		['it is where the trigger is now', productionUrl],
	])('are forgotten by a deactivation where %s', async (_name, url) => {
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		const staticData = remembered(url);
		await remove(hookContext({ portal, credentials: given, staticData }).context);
		expect([urls(portal), staticData]).toEqual([[], {}]);
	});

	it.each([
		['the activation is refused', 'event.bind'],
		['the portal does not send the test event', 'event.test'],
	])('stay when %s, and when n8n takes it down for that', async (_name, method) => {
		const portal = portalWith(bound('ONCRMLEADDELETE', former), bound('ONAPPTEST', testUrl));
		portal.answers.set(method, refused(403, 'user_access_error', ''));
		const staticData = remembered();
		const { context } = hookContext({ portal, credentials: learning, staticData });
		await expect(create(context)).rejects.toThrow();
		portal.answers.clear();
		await remove(context);
		expect([urls(portal), staticData]).toEqual([[former, testUrl], remembered()]);
	});

	it.each([
		['an activation', create],
		['a deactivation', remove],
	])('are free of what the editor listened for when n8n ended, after %s', async (_name, step) => {
		const portal = portalWith(bound('ONAPPTEST', testUrl), bound('ONCRMLEADDELETE', editorUrl), others);
		const { context } = withEditor({ portal });
		expect(await checkExists(context)).toBe(false);
		await step(context);
		expect(urls(portal)).toEqual([others.handler, ...(step === create ? [productionUrl] : [])]);
	});

	it.each([
		['its production URL at the address of the editor', 'https://editor.example.com/webhook/0d2f/webhook'],
		['the test URL of another node', 'https://n8n.example.com/webhook-test/1e3a/webhook'],
		['its path at an address that is not ours', 'https://copy.example.com/webhook-test/0d2f/webhook'],
		['its path under another prefix', 'https://n8n.example.com/staging/webhook-test/0d2f/webhook'],
	])('do not include %s', async (_name, url) => {
		const portal = portalWith(bound('ONCRMLEADDELETE', url));
		const { context } = withEditor({ portal });
		await create(context);
		await remove(context);
		expect(urls(portal)).toEqual([url]);
	});

	it('include no test URL where production has its path, and none where n8n has no address for its editor', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE', editorUrl));
		const { context } = withEditor({ portal, url: testUrl });
		await create(context);
		context.getInstanceBaseUrl = () => 'n8n';
		await remove(context);
		expect(urls(portal)).toEqual([editorUrl]);
		const odd = hookContext({ portal, credentials: given, url: 'https://n8n.example.com/hook' });
		await create(odd.context);
		expect(urls(portal)).toEqual([editorUrl, 'https://n8n.example.com/hook']);
	});

	it('are left as they are while the editor listens', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE', former));
		const staticData = remembered();
		await create(hookContext({ portal, mode: 'manual', url: testUrl, staticData }).context);
		expect([urls(portal), staticData]).toEqual([[former, testUrl], remembered()]);
	});
});

describe.each(['unbinding', 'question'])('what is under way (%s)', (what) => {
	it.each([
		['activation', create],
		['look at the registration', checkExists],
		['deactivation', remove],
	])('is waited for by the next %s', async (_name, step) => {
		const { context, portal } = hookContext({ credentials: given });
		let end = () => {};
		const done = new Promise<void>((resolve) => (end = resolve));
		const underWay = what === 'unbinding' ? { unbinding: done } : { asking: { stop: new AbortController(), done } };
		Object.assign(tokenWatchOf(context), underWay);
		const stepping = step(context);
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(portal.calls).toEqual([]);
		end();
		await stepping;
		expect(portal.calls).not.toEqual([]);
	});
});

it('remembers a refused activation of the workflow apart from that of an editor that listens', async () => {
	const [active, listening] = [hookContext({ mode: 'trigger' }).context, hookContext({ mode: 'manual' }).context];
	const refusal = trackActivation(active, async () => await Promise.reject(new Error('refused')));
	await expect(refusal).rejects.toThrow('refused');
	expect([takeFailedActivation(listening), takeFailedActivation(active)]).toEqual([null, 'Error: refused']);
});
