import { Bitrix24OAuth2Api } from '../../credentials/Bitrix24OAuth2Api.credentials.js';
import { Bitrix24QueueTrigger } from '../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import type { Simulator } from '../../simulator/index.mjs';
import { startSimulator } from '../../simulator/index.mjs';
import { type N8nOptions, type OpenN8n, openN8n } from '../integration/support/openN8n.mjs';
import { refusalOf } from '../integration/support/refusalOf.mjs';
import { startTrigger } from '../integration/support/startTrigger.mjs';
import { useHurry } from '../integration/support/useHurry.mjs';
import { useTrigger } from '../integration/support/useTrigger.mjs';
import { company, expectQuotes, logged, readDiagnoses } from './troubleshootingPage.mjs';

useHurry();
const openTrigger = useTrigger();

const otherCompany = 'https://other-company.bitrix24.com';

let other: Simulator;
let queues: OpenN8n[] = [];
beforeEach(async () => {
	other = await startSimulator();
});
afterEach(async () => {
	for (const queue of queues) await queue.close();
	queues = [];
	await other.stop();
});

/** A Bitrix24 Queue Trigger, not active yet. */
async function openQueue(options: Omit<N8nOptions, 'nodeType'>): Promise<OpenN8n> {
	const queue = await openN8n({ nodeType: new Bitrix24QueueTrigger(), ...options });
	queues.push(queue);
	return queue;
}

it('has ten diagnoses, numbered from 1', () => {
	expect([...readDiagnoses().keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it('1: quotes what is said when the app is not installed', async () => {
	const world = await openTrigger({ portal: { app: { installed: false } } });
	expectQuotes(1, [await refusalOf(world.n8n.activate())], {});
});

it('2: quotes what is said when Bitrix24 cannot reach n8n, and when the way is open to be read', async () => {
	const said: string[] = [];
	for (const address of ['http://localhost:5678', 'http://n8n:5678', 'http://192.168.1.20:5678']) {
		const world = await openTrigger({ oAuth2: { portalUrl: company } });
		world.n8n.baseUrl = address;
		// Without taking down what is not there: that would call the cloud.
		said.push(await refusalOf(world.n8n.hook('create')));
	}
	const world = await openTrigger();
	world.n8n.baseUrl = 'http://n8n.your-company.com';
	await world.activate();
	expectQuotes(2, [...said, ...logged(world)], {});
});

it('3: quotes what is said when another portal is connected, and when another portal sends events', async () => {
	const world = await openTrigger({ oAuth2: { portalUrl: other.portalUrl } });
	const addresses = { [world.portal.portalUrl]: company, [other.portalUrl]: otherCompany };
	const right = await openTrigger({ portal: world.portal });
	await right.activate();
	const answer = await right.receive(other.delivery('ONCRMLEADDELETE', { FIELDS: { ID: 7 } }));

	expectQuotes(3, [await refusalOf(world.n8n.activate()), ...logged(right)], addresses);
	expect(answer).toMatchObject({ status: 403, body: { error: 'WRONG_PORTAL' } });
});

it('4: quotes what is said when the permission is missing', async () => {
	const world = await openTrigger({ portal: { app: { scope: ['task'] } } });
	const { portal } = await openTrigger({ portal: { app: { scope: ['crm'] } } });
	const queue = await openQueue({ portal, parameters: { options: { includeUser: true } } });
	expectQuotes(4, [await refusalOf(world.n8n.activate()), await refusalOf(startTrigger(queue.n8n))], {});
});

it('5: quotes what is said when the user is not an administrator', async () => {
	const world = await openTrigger({ userId: 15 });
	const queue = await openQueue({ portal: world.portal, userId: 15 });
	expectQuotes(5, [await refusalOf(world.n8n.activate()), await refusalOf(startTrigger(queue.n8n))], {});
});

it('6: quotes what is said when the plan has no REST, no reservation, or no separate queues', async () => {
	const world = await openTrigger();
	const { portal } = world;
	portal.plan.rest = false;
	const said = [await refusalOf(world.n8n.activate())];
	portal.plan = { rest: true, offlineExtended: false, authConnector: true };
	said.push(await refusalOf(startTrigger((await openQueue({ portal })).n8n)));
	portal.plan = { rest: true, offlineExtended: true, authConnector: false };
	const shared = await openQueue({ portal });
	await (await startTrigger(shared.n8n)).close();
	expectQuotes(6, [...said, ...logged(shared)], {});
});

it('7: quotes what is said when access was revoked', async () => {
	const world = await openTrigger();
	world.portal.revokeAccessTokens();
	world.portal.revokeRefreshTokens();
	expectQuotes(7, [await refusalOf(world.n8n.activate())], {});
});

it('8: is right that a reinstalled app is silent until the workflow is activated again', async () => {
	const world = await openTrigger();
	const { portal, n8n } = world;
	await world.activate();
	portal.reinstallApp();
	portal.clearCalls();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	expect(n8n.executions).toEqual([]);
	expect(logged(world)).toEqual([]);

	await n8n.deactivate();
	await world.activate();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	expect(n8n.executions).toHaveLength(1);
});

it('8: quotes what is said when the application token in a credential is an old one', async () => {
	const world = await openTrigger({ oAuth2: { applicationToken: 'the-old-one' } });
	const { portal, n8n } = world;
	await world.activate();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	await n8n.activate('activate', true);
	await world.settled();
	const inEditor = n8n.thrown.map((error) => (error instanceof Error ? error.message : String(error)));

	const byHand = await openTrigger({
		portal,
		parameters: { authentication: 'outgoingWebhook' },
		outgoingWebhook: { applicationToken: 'the-old-one', portalUrl: '' },
	});
	portal.outgoingWebhooks.add({ url: byHand.url, events: ['ONCRMLEADDELETE'] });
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 8 } });
	await byHand.settled();

	const refused = logged(world).slice(0, 1);
	expectQuotes(8, [...refused, ...inEditor, ...logged(byHand)], { [portal.portalUrl]: company });
});

it('9: quotes what is said when the browser never comes back to n8n', async () => {
	const world = await openTrigger({ oAuth2: { oauthTokenData: {} } });
	const { app, portalUrl } = world.portal;
	app.redirectUri = 'https://elsewhere.example/';
	const page = await fetch(`${portalUrl}/oauth/authorize/?client_id=${app.clientId}&state=x`, { redirect: 'manual' });

	expect(page.headers.get('location')).toMatch(/^https:\/\/elsewhere\.example\//);
	expectQuotes(9, [await refusalOf(world.n8n.activate())], {});
});

it('10: quotes what is said of a portal in the CIS with the wrong authorization server', async () => {
	const notice = new Bitrix24OAuth2Api().properties.find(({ name }) => name === 'cisNotice')?.displayName ?? '';
	const never = await openTrigger({
		oAuth2: {
			oauthTokenData: {},
			portalUrl: 'your-company.bitrix24.ru',
			authorizationServer: 'https://oauth.bitrix.info',
		},
	});
	const changed = await openTrigger({ oAuth2: { authorizationServer: other.authorizationServer } });
	changed.portal.expireAccessTokens();

	expectQuotes(10, [notice, await refusalOf(never.n8n.activate()), await refusalOf(changed.n8n.activate())], {
		[changed.portal.authorizationServer]: 'https://oauth.bitrix24.tech',
		[other.authorizationServer]: 'https://oauth.bitrix.info',
	});
});
