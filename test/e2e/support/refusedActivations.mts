import type { Simulator } from '../../../simulator/index.mjs';
import type { TriggerDraft } from './Trigger.mjs';
import { connect, credentialFor, type World } from './world.mjs';

/** A portal and a workflow that n8n can not activate, and what it says then. */
export interface RefusedActivation {
	/** What is wrong with the portal before the account is connected. */
	before?(portal: Simulator): void;
	/** What goes wrong after that. */
	after?(portal: Simulator): void;
	parameters?: Record<string, unknown>;
	/** In place of the connected account. @param other a portal that has nothing to do with it */
	credentials?(world: World, portal: Simulator, other: Simulator): Promise<Credentials>;
	/** Whether n8n's webhooks have a public address. Default: true. */
	isPublic?: boolean;
	/** What happened, and the beginning of what to do about it. */
	says: [what: string, remedy: string];
	/** The number of the diagnosis in docs/troubleshooting.md that quotes it. */
	diagnosis?: number;
}

type Credentials = NonNullable<TriggerDraft['credentials']>;

const FOREVER = 1000;

async function save(world: World, type: string, data: Record<string, string>): Promise<Credentials> {
	const name = 'Not usable';
	return { [type]: { id: await world.client.createCredential({ name, type, data }), name } };
}

/** Connects an account, and changes the credential afterwards. */
async function edited(world: World, portal: Simulator, data: Record<string, string>): Promise<Credentials> {
	const credentials = await connect(world, portal);
	await world.client.updateCredential(credentials.bitrix24OAuth2Api.id, { data });
	return credentials;
}

const inBitrix24 = 'In Bitrix24, open Developer resources > Integrations';

/** By what is wrong. */
export const refusedActivations: Record<string, RefusedActivation> = {
	'the installation of the app is not complete': {
		after: ({ app }) => void (app.installed = false),
		says: [
			"The app's installation in Bitrix24 is not complete, so Bitrix24 sends it no events.",
			`${inBitrix24}, edit the app, tick "Uses API only" and save`,
		],
		diagnosis: 1,
	},
	'the portal does not know an event': {
		parameters: { otherEvents: ['ONCRMLEADDELETED'] },
		says: [
			'This portal does not know ONCRMLEADDELETED. Events with similar names that it knows: ONCRMLEADDELETE,',
			'Choose the event from the list, or correct its code.',
		],
	},
	'no event is selected': {
		parameters: { events: [] },
		says: ['No event is selected.', 'Choose at least one event in "Trigger On"'],
	},
	'the user is no administrator': {
		before: (portal) => void (portal.currentUserId = 15),
		says: [
			'connected as a user who is not an administrator of the portal',
			'Let an administrator of the portal open the credential and choose "Connect my account".',
		],
		diagnosis: 5,
	},
	'the user may not use the app': {
		after: ({ faults }) => faults.next('*', { status: 403, error: 'user_access_error' }, FOREVER),
		says: [
			'The user who connected the credential may not use this Bitrix24 app.',
			'Ask an administrator of the portal to give the user access to the app',
		],
	},
	'the app lacks the permission': {
		before: ({ app }) => void (app.scope = ['task']),
		says: [
			'This portal does not offer ONCRMLEADDELETE to the app: it lacks the permission "crm".',
			`${inBitrix24}, add the permission to the app and save. Then connect the credential again`,
		],
		diagnosis: 4,
	},
	'Bitrix24 misses a permission': {
		after: ({ faults }) => faults.next('events', { status: 403, error: 'insufficient_scope' }, FOREVER),
		says: [
			'The Bitrix24 app lacks a permission that this needs.',
			`${inBitrix24}, open the app and add the permission`,
		],
	},
	'the plan has no REST': {
		after: ({ plan }) => void (plan.rest = false),
		says: ["The portal's Bitrix24 plan does not include the REST API.", 'upgrade the plan, then try again.'],
		diagnosis: 6,
	},
	'access was revoked': {
		after(portal) {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		},
		says: [
			'Bitrix24 no longer accepts this connection: access was revoked,',
			'Open the Bitrix24 OAuth2 API credential and choose "Connect my account" again.',
		],
		diagnosis: 7,
	},
	'a later one of several events can not be bound': {
		parameters: { events: ['ONCRMDEALADD', 'ONCRMLEADDELETE'] },
		after({ faults }) {
			for (let attempt = 0; attempt < 5; attempt++) {
				faults.next('event.bind', { delayMs: 0 });
				faults.next('event.bind', { status: 403, error: 'INVALID_CREDENTIALS' });
			}
		},
		says: ['lacks the rights for this in Bitrix24.', 'Connect the credential as an administrator of the portal.'],
	},
	'the application token can not be asked for': {
		after: ({ faults }) => faults.next('event.test', { status: 403, error: 'PAYMENT_REQUIRED' }, FOREVER),
		says: ['The subscription of this Bitrix24 app has run out.', 'Renew it in Bitrix24, then try again.'],
	},
	'the portal cuts every connection': {
		after: ({ faults }) => faults.next('*', 'reset', FOREVER),
		says: ['Bitrix24 did not answer', 'Check the portal URL'],
	},
	'the portal is blocked for overload': {
		after: ({ faults }) => faults.next('*', { status: 503, error: 'OVERLOAD_LIMIT' }, FOREVER),
		says: ['Bitrix24 has blocked REST calls to this portal for overload.', 'Ask Bitrix24 support, or try again later.'],
	},
	'the account is not connected': {
		credentials: async (world, portal) => await save(world, 'bitrix24OAuth2Api', credentialFor(portal)),
		says: ['The Bitrix24 credential is not connected yet.', 'choose "Connect my account".'],
		diagnosis: 9,
	},
	'the portal URL was changed to that of another portal': {
		credentials: async (world, portal, { portalUrl }) => await edited(world, portal, { portalUrl }),
		says: ['which does not accept that connection.', 'enter the URL of the portal that you mean'],
		diagnosis: 3,
	},
	'the account was never connected, and the portal is in the CIS': {
		credentials: async (world, portal) =>
			await save(world, 'bitrix24OAuth2Api', {
				...credentialFor(portal),
				portalUrl: 'https://your-company.bitrix24.ru',
				authorizationServer: 'https://oauth.bitrix.info',
			}),
		says: ['use another authorization server', 'enter https://oauth.bitrix24.tech as authorization server'],
		diagnosis: 10,
	},
	'the authorization server was changed, and access has to be renewed': {
		credentials: async (world, portal, { authorizationServer }) => await edited(world, portal, { authorizationServer }),
		after: (portal) => portal.expireAccessTokens(),
		says: ['but the credential asks', 'as authorization server and choose "Connect my account" again.'],
		diagnosis: 10,
	},
	'the outgoing webhook has no token': {
		parameters: { authentication: 'outgoingWebhook' },
		credentials: async (world) => await save(world, 'bitrix24OutgoingWebhookApi', { applicationToken: ' , ' }),
		says: ['holds no application token.', 'Copy it from the outgoing webhook'],
	},
	'Bitrix24 will not call the webhook URL': {
		isPublic: false,
		says: [
			'Bitrix24 can not reach this n8n at http://localhost:5678/webhook/',
			'Set the environment variable WEBHOOK_URL to the public address of this n8n',
		],
		diagnosis: 2,
	},
};
