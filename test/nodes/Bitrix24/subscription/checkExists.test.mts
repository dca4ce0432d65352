import { NodeOperationError } from 'n8n-workflow';

import { checkExists } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { challengeOf } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { testEvent } from '../../../fakes/delivery.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';

const bound = (event: string, handler = productionUrl) => ({ event, handler, auth_type: '0', offline: 0 });

function portalWith(...handlers: ReturnType<typeof bound>[]) {
	const portal = simulatedPortal();
	portal.bind(...handlers);
	return portal;
}

/** Checks a trigger on deleted leads whose credential has the application token; a test says what differs. */
const check = async (changes: Parameters<typeof hookContext>[0]) =>
	await checkExists(hookContext({ credentials: given, ...changes }).context);

describe('checkExists', () => {
	it.each([
		['exactly what is wanted', [bound('ONCRMLEADDELETE')]],
		['handlers of other URLs as well', [bound('ONCRMLEADDELETE'), bound('ONCRMDEALADD', 'https://other.example.com/')]],
	])('is true when the portal has %s', async (_name, handlers) => {
		const portal = portalWith(...handlers);
		expect(await check({ portal })).toBe(true);
		expect(portal.calls.map(({ method }) => method)).toEqual(['events', 'event.get']);
	});

	it('is true when the portal knows the event by its older name, and has it bound', async () => {
		const portal = portalWith(bound('ONLEADDELETE'));
		portal.simulator.events = ['ONLEADDELETE'];
		expect(await check({ portal })).toBe(true);
	});

	it.each([
		['nothing', []],
		['it at another URL only', [bound('ONCRMLEADDELETE', 'https://other.example.com/')]],
		['more than is wanted', [bound('ONCRMLEADDELETE'), bound('ONCRMDEALADD')]],
		['the learning handler still', [bound('ONCRMLEADDELETE'), bound('ONAPPTEST')]],
		['it twice', [bound('ONCRMLEADDELETE'), { ...bound('ONCRMLEADDELETE'), auth_type: '27' }]],
	])('is false when the portal has %s', async (_name, handlers) => {
		expect(await check({ portal: portalWith(...handlers) })).toBe(false);
	});

	it('is false as long as the application token is not known: the next activation asks again', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		expect(await check({ portal, credentials: learning })).toBe(false);
		expect(portal.calls).toEqual([]);
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

	it.each([
		['nothing is selected', { parameters: { events: [] } }, 'No event is selected.'],
		['the portal does not know the event', { parameters: { events: ['ONQUUX'] } }, 'does not know ONQUUX'],
		['there is no credential', { credentials: {} }, 'is missing or can not be read'],
	])('throws what can be done when %s', async (_name, changes, words) => {
		const checking = check(changes);
		await expect(checking).rejects.toThrow(NodeOperationError);
		await expect(checking).rejects.toThrow(words);
	});

	it('throws what can be done when the portal does not tell', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.get', refused(403, 'user_access_error', ''));
		await expect(check({ portal })).rejects.toThrow('may not use this Bitrix24 app');
	});
});
