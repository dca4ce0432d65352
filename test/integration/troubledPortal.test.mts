import type { Fault, FaultOptions } from '../../simulator/index.mjs';
import { refusalOf } from './support/refusalOf.mjs';
import { useHurry } from './support/useHurry.mjs';
import { useTrigger } from './support/useTrigger.mjs';

useHurry();
const openTrigger = useTrigger();

const parameters = { events: ['ONCRMLEADADD', 'ONCRMLEADDELETE', 'ONCRMLEADUPDATE'] };
const methods = ['app.info', 'profile', 'events', 'event.get', 'event.bind', 'event.test'];
const troubles: Array<[string, Fault, FaultOptions]> = [
	['a rate limit', { status: 503, error: 'QUERY_LIMIT_EXCEEDED' }, { times: 2 }],
	['a broken connection', 'reset', { times: 2 }],
	['a lost answer', 'reset', { when: 'after' }],
	['an overloaded gateway', { status: 502, error: 'Bad Gateway' }, { times: 2 }],
	['a page instead of an answer', 'html', {}],
	['half an answer', 'truncated', { when: 'after' }],
	['a token that is renewed', { status: 401, error: 'expired_token' }, {}],
];

describe.each(troubles)('%s', (_, fault, options) => {
	test.each(methods)('in %s does not keep the trigger from being registered', async (method) => {
		const { n8n, portal, activate, bound } = await openTrigger({ parameters });
		portal.faults.next(method, fault, options);
		await activate();
		expect(bound()).toEqual(parameters.events);
		expect(await n8n.hook('checkExists')).toBe(true);
	});

	test('in event.unbind does not keep it from being taken down', async () => {
		const { n8n, portal, activate, bound } = await openTrigger({ parameters });
		await activate();
		portal.faults.next('event.unbind', fault, options);
		await n8n.deactivate();
		expect(bound()).toEqual([]);
	});
});

test('time that is used up is waited for where it comes back soon', async () => {
	const { portal, activate, bound } = await openTrigger({ parameters });
	portal.faults.next('event.bind', { operatingResetAt: Math.floor(Date.now() / 1000) + 10 });
	await activate();
	expect(bound()).toEqual(parameters.events);
});

test('a portal that grants little is asked patiently, and refuses nothing for good', async () => {
	const { portal, activate, bound } = await openTrigger({
		portal: { rate: { perSecond: 20, burst: 3 } },
		parameters,
	});
	await activate();
	expect(portal.rateLimited).toBeGreaterThan(0);
	expect(bound()).toEqual(parameters.events);
});

test.each([
	['has expired', 'expireAccessTokens'],
	['was revoked early', 'revokeAccessTokens'],
] as const)('an access token that %s is renewed once, and stored', async (_, end) => {
	const { n8n, portal, activate, bound } = await openTrigger({ parameters });
	const before = await n8n.credentials.read('bitrix24OAuth2Api');
	portal[end]();
	await activate();
	expect(bound()).toEqual(parameters.events);
	expect(portal.calls.filter(({ status }) => status === 401)).toHaveLength(1);
	const { oauthTokenData } = await n8n.credentials.read('bitrix24OAuth2Api');
	expect(oauthTokenData).not.toMatchObject(before.oauthTokenData ?? {});
	expect(oauthTokenData).toMatchObject({ member_id: portal.memberId });
});

describe('a bind that is refused half-way', () => {
	async function refusedAtSecond() {
		const world = await openTrigger({ parameters });
		world.portal.faults.next('event.bind', { delayMs: 0 });
		world.portal.faults.next('event.bind', { status: 400, error: 'ERROR_CORE', description: 'Something else' });
		return world;
	}

	test('takes down what was bound before it, and names the reason', async () => {
		const { n8n, portal } = await refusedAtSecond();
		const message = await refusalOf(n8n.hook('create'));
		expect(message).toContain('ERROR_CORE');
		expect(message).toContain('Something else');
		expect(portal.calls.filter(({ method }) => method === 'event.unbind')).toHaveLength(1);
		expect(portal.handlers()).toEqual([]);
	});

	test('leaves what was bound by an earlier activation', async () => {
		const { n8n, node, portal, activate, bound } = await openTrigger({ parameters: { events: ['ONCRMDEALADD'] } });
		await activate();
		node.parameters.events = parameters.events;
		portal.faults.next('event.bind', { delayMs: 0 });
		portal.faults.next('event.bind', { status: 400, error: 'ERROR_CORE' });
		await refusalOf(n8n.hook('create'));
		expect(bound()).toEqual(['ONCRMDEALADD']);
	});
});
