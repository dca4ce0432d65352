import { inspect } from 'node:util';

import type { Simulator } from '../../simulator/index.mjs';
import { asApp, asOutgoingWebhook } from './support/activeTrigger.mjs';
import { useHurry } from './support/useHurry.mjs';
import { type TriggerWorld, useTrigger } from './support/useTrigger.mjs';

useHurry();
const openTrigger = useTrigger();

/** Every token of the world: what the portal gave out, what the credentials hold, and what was sent by hand. */
async function secretsOf({ n8n, portal }: TriggerWorld, sent: unknown[]): Promise<string[]> {
	const { clientSecret, applicationToken } = portal.app;
	const all = [clientSecret, applicationToken, ...tokensIn(portal.deliveries), ...tokensIn(sent)];
	for (const type of ['bitrix24OAuth2Api', 'bitrix24OutgoingWebhookApi']) {
		const stored = await n8n.credentials.read(type).catch(() => ({}));
		all.push(...tokensIn(stored));
	}
	return [...new Set(all)].filter((secret) => secret.length > 8);
}

function tokensIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		/token$|secret$/i.test(key) && typeof inner === 'string' ? [inner] : tokensIn(inner),
	);
}

/** Everything that anybody gets to see: items, log, answers, what was thrown, static data. */
function visible({ n8n, portal }: TriggerWorld, more: unknown[]): string {
	const shown = [
		n8n.executions,
		n8n.log,
		n8n.thrown,
		n8n.workflow.nodeStaticData,
		portal.deliveries.map(({ answer }) => answer),
		portal.calls.map(({ params }) => params),
		...more,
	];
	return inspect(shown, {
		depth: Infinity,
		maxArrayLength: Infinity,
		maxStringLength: Infinity,
		breakLength: Infinity,
	});
}

/** Plants tokens wherever a payload has room for one. */
const planted = (token: string) => ({
	FIELDS: { ID: token },
	NOTE: `see ${token}`,
	TOKEN: token,
	LINK: `https://a.example/?back=%2F%3Fauth%3D${token}`,
	[token]: '1',
	auth: { access_token: token, refresh_token: token },
});

const spoils: Array<[string, (portal: Simulator) => void]> = [
	['nothing answers', (portal) => portal.faults.next('*', 'reset', 20)],
	['everything is denied', (portal) => portal.faults.next('*', { status: 403, error: 'ACCESS_DENIED' }, 20)],
	['something else answers', (portal) => portal.faults.next('*', 'html', 20)],
	['access is renewed', (portal) => portal.expireAccessTokens()],
	[
		'access is revoked',
		(portal) => {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		},
	],
	[
		'the renewal breaks off',
		(portal) => {
			portal.expireAccessTokens();
			portal.faults.next('oauth.token', 'reset', 20);
		},
	],
];

async function expectNoSecret(world: TriggerWorld, seen: unknown[], sent: unknown[] = []): Promise<void> {
	const text = visible(world, seen);
	const secrets = await secretsOf(world, sent);
	expect(secrets.length).toBeGreaterThan(1);
	expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

describe.each([
	['an app', asApp],
	['an outgoing webhook', asOutgoingWebhook],
])('of %s, no token is anywhere', (_, open) => {
	test.each([true, false])('in what deliveries lead to (simplify: %s)', async (simplify) => {
		const parameters = { simplify, options: { includeUser: true, maxAgeMinutes: 10 } };
		const world = await open(openTrigger, { parameters });
		const seen = [];
		const sent = [];
		for (const event of ['ONCRMLEADDELETE', 'ONCRMLEADADD', 'ONAPPTEST', 'ONAPPMETHODCONFIRM']) {
			const auth = { application_token: world.token, refresh_token: 'refresh-token-of-an-event' };
			const delivery = world.portal.delivery(event, planted(world.token), { auth });
			sent.push(delivery);
			seen.push(await world.receive(delivery));
			seen.push(await world.receive({ ...delivery, ts: '1' }));
			seen.push(await world.receive({ ...delivery, event: '' }));
			const unproven = { application_token: 'f', domain: world.token, member_id: world.token };
			seen.push(await world.receive({ ...delivery, auth: { ...delivery.auth, ...unproven } }));
			seen.push(await world.receive({ ...delivery, auth: { ...delivery.auth, member_id: 'a'.repeat(32) } }));
		}
		expect(world.n8n.executions.length).toBeGreaterThan(0);
		await expectNoSecret(world, seen, sent);
	});
});

describe('no token is in what a trigger says', () => {
	test.each(spoils)('when %s', async (_, spoil) => {
		const world = await asApp(openTrigger);
		spoil(world.portal);
		const seen: unknown[] = [];
		for (const work of [
			async () => await world.n8n.hook('create'),
			async () => await world.n8n.hook('checkExists'),
			async () => await world.n8n.loadOptions('getOtherEvents'),
			async () => await world.n8n.deactivate(),
		]) {
			await work().catch((error: unknown) => seen.push(error, JSON.stringify(error)));
		}
		await expectNoSecret(world, seen);
	});
});
