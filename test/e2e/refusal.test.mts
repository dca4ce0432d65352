import type { ActivationOutcome } from '../../host/index.mjs';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/index.mjs';
import { asOnThePage, readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import type { TriggerDraft } from './support/TriggerWorkflow.mjs';
import { until } from './support/until.mjs';
import { connect, credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const ADMIN = { id: 1, name: 'Alice', lastName: 'Archer', admin: true };
const USER = { id: 15, name: 'Bob', lastName: 'Baker', admin: false };
const PLAN = { rest: true, offlineExtended: true, authConnector: true };

let world: World;
/** A portal that has nothing to do with any other. */
let other: Simulator;
beforeAll(async () => {
	world = await openWorld();
	other = await startSimulator();
});
afterAll(async () => {
	await other?.stop();
	await world?.close();
});

/** A portal and a workflow that n8n cannot activate. */
interface Refused {
	/** What is wrong with the portal before the account is connected. */
	portal?: SimulatorOptions;
	/** What goes wrong after that. */
	after?(portal: Simulator): void;
	parameters?: TriggerDraft['parameters'];
	/** In place of the connected account. */
	credentials?(own: World): Promise<NonNullable<TriggerDraft['credentials']>>;
	/** Whether it is the queue trigger. */
	queue?: boolean;
	/** What n8n says: the diagnosis in docs/troubleshooting.md that quotes it, or a part. */
	says: number | string;
}

/** Saves an account that nobody connects. */
async function unconnected({ client, portal }: World, changes: Record<string, string> = {}) {
	const [name, type] = ['Not connected', 'bitrix24OAuth2Api'];
	const data = { ...credentialFor(portal), ...changes };
	return { [type]: { id: await client.createCredential({ name, type, data }), name } };
}

/** Connects an account, and changes the credential afterwards. */
async function edited(own: World, data: Record<string, string>) {
	const credentials = await connect(own, own.portal);
	await own.client.updateCredential(credentials.bitrix24OAuth2Api.id, { data });
	return credentials;
}

const RUSSIAN = { portalUrl: 'https://your-company.bitrix24.ru', authorizationServer: 'https://oauth.bitrix.info' };

/** By what is wrong: what the page quotes, and one of what passes in each way; every other message is in test/integration. */
const refused: Record<string, Refused> = {
	'the installation of the app is not complete': { after: ({ app }) => void (app.installed = false), says: 1 },
	'the portal URL was changed to that of another portal': {
		credentials: async (own) => await edited(own, { portalUrl: other.portalUrl }),
		says: 3,
	},
	'the app lacks the permission': { portal: { app: { scope: ['task'] } }, says: 4 },
	'the user is no administrator': { portal: { users: [USER, ADMIN] }, says: 5 },
	'the queue trigger is connected by no administrator': { queue: true, portal: { users: [USER, ADMIN] }, says: 5 },
	'the plan has no REST': { after: ({ plan }) => void (plan.rest = false), says: 6 },
	'the plan reserves no offline events': {
		queue: true,
		portal: { plan: { ...PLAN, offlineExtended: false } },
		says: 6,
	},
	'access was revoked': {
		after(portal) {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		},
		says: 7,
	},
	'the account is not connected': { credentials: async (own) => await unconnected(own), says: 9 },
	'the account was never connected, and the portal is in the CIS': {
		credentials: async (own) => await unconnected(own, RUSSIAN),
		says: 10,
	},
	'the authorization server was changed, and access has to be renewed': {
		credentials: async (own) => await edited(own, { authorizationServer: other.authorizationServer }),
		after: (portal) => portal.expireAccessTokens(),
		says: 10,
	},
	'the portal does not know an event': {
		parameters: { otherEvents: ['ONCRMLEADDELETED'] },
		says: 'This portal does not know ONCRMLEADDELETED. Events with similar names that it knows: ONCRMLEADDELETE,',
	},
	'the portal cuts every connection': {
		after: ({ faults }) => faults.next('*', 'reset', 1000),
		says: 'Bitrix24 did not answer',
	},
};

const diagnoses = readDiagnoses();

/** What was said, with the page's addresses in place of the test's. */
function asShown(outcome: ActivationOutcome, { portalUrl, authorizationServer }: Simulator): string {
	if (outcome.active) return 'nothing';
	// Before what a `trigger()` says, n8n puts words of its own.
	const said = outcome.message.replace(/^There was a problem activating the workflow: "(.*)"$/, '$1');
	return asOnThePage(said, {
		[portalUrl]: 'https://your-company.bitrix24.com',
		[authorizationServer]: 'https://oauth.bitrix24.tech',
		[other.portalUrl]: 'https://other-company.bitrix24.com',
		[other.authorizationServer]: 'https://oauth.bitrix.info',
	});
}

// All at once: n8n takes a quarter of a minute to refuse.
test.concurrent.each(Object.entries(refused))(
	'when %s, n8n says why and what to do, nothing stays bound, and once it is put right, it activates the workflow',
	async (_, { portal: options, after, parameters, credentials, queue, says }) => {
		const own = await world.beside(options);
		const { portal } = own;
		const chosen = await credentials?.(own);
		after?.(portal);
		const trigger = await (queue ? QueueTrigger : Trigger).add(own, { parameters, credentials: chosen });
		const handler = `${world.n8n.url}/webhook/${trigger.node.webhookId}/webhook`;
		portal.bindForOtherApp(DELETED, handler);
		const foreign = { event: DELETED, handler, auth_type: '0', offline: 0 };

		const outcome = await trigger.tryToActivate();
		const quotes = typeof says === 'number' ? diagnoses.get(says)?.quotes : [expect.stringContaining(says)];
		expect(quotes).toContainEqual(asShown(outcome, portal));
		expect(portal.handlers()).toEqual([foreign]);

		portal.faults.clear();
		Object.assign(portal, { currentUserId: ADMIN.id, plan: PLAN });
		Object.assign(portal.app, { installed: true, scope: ['crm'] });
		await world.client.connectOAuth2(own.credentials.bitrix24OAuth2Api.id);
		// Otherwise the very same version of the workflow is activated again.
		if (parameters !== undefined || chosen !== undefined) await trigger.change({});
		expect(await trigger.tryToActivate()).toEqual({ active: true });
		if (trigger instanceof Trigger) await trigger.learned();
		// To the queue trigger it may be a repair of n8n's own, which n8n does not wait for.
		await until('its event is bound', () => portal.handlers().length > 1);
		expect(portal.handlers().map(({ event }) => event)).toEqual([DELETED, DELETED]);
	},
);

test.concurrent(
	'a bind that is refused after another has what was bound taken down, each of the five times that n8n tries',
	async () => {
		const own = await world.beside();
		for (let attempt = 0; attempt < 5; attempt++) {
			own.portal.faults.next('event.bind', { delayMs: 0 });
			own.portal.faults.next('event.bind', { status: 403, error: 'INVALID_CREDENTIALS' });
		}
		const trigger = await Trigger.add(own, { parameters: { events: ['ONCRMDEALADD', DELETED] } });
		const message = expect.stringContaining('lacks the rights for this in Bitrix24.');
		expect(await trigger.tryToActivate()).toEqual({ active: false, message });
		const bound = own.portal.calls.filter(({ params, status }) => params.event === 'ONCRMDEALADD' && status === 200);
		expect(bound.map(({ method }) => method)).toEqual(Array(5).fill(['event.bind', 'event.unbind']).flat());
		expect(own.portal.handlers()).toEqual([]);
	},
);

test.concurrent(
	'whoever listens in the editor is told at once that the application token is an old one, as the page quotes it',
	async () => {
		const applicationToken = 'the-one-before-the-app-was-reinstalled';
		const trigger = await Trigger.add(world, { credentials: await connect(world, world.portal, { applicationToken }) });
		const execution = await (await world.client.listenForTestEvent(trigger.id, TRIGGER)).received();
		expect(execution).toMatchObject({ status: 'error', mode: 'manual' });
		expect(execution.itemsOf(TRIGGER)).toEqual([]);
		expect(diagnoses.get(8)?.quotes).toContain(execution.error);
	},
);
