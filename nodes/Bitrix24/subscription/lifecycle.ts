import type { IHookFunctions } from 'n8n-workflow';
import { randomBytes } from 'node:crypto';

import type { Client } from '../api/client';
import { call } from '../api/client';
import { ActionableError } from '../api/errors';
import { bitrixTrue } from '../api/response';
import type { Purpose } from '../applicationToken/challenge';
import { challengeScope, makeChallenge } from '../applicationToken/challenge';
import { readLearnedToken } from '../applicationToken/learnedToken';
import type { Connection } from '../connection/oauth2';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import { testEventCode } from '../event/codes';
import { withNodeErrors } from '../n8n/nodeError';
import { openClient } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import { readTriggerSettings } from '../settings/settings';
import { trackActivation, takeFailedActivation } from './activationState';
import type { Destination } from './handlers';
import { currentHandlers, diff, isEmpty, reconcile } from './handlers';
import { checkHandlerUrl, checkReadiness, isUnencrypted } from './preconditions';
import { nothingSelected, wantedEvents } from './selectedEvents';

/** A trigger's place on its portal. */
export interface Registration {
	connection: Connection;
	portal: Client;
	address: Destination & { kind: 'online' };
}

/**
 * Opens the portal for the webhook URL that n8n has for this node (the test URL while the editor listens).
 *
 * @throws Refusal when the credential is not connected, or n8n has no URL
 */
export async function openRegistration(context: IHookFunctions): Promise<Registration> {
	const handler = context.getNodeWebhookUrl('default');
	if (handler === undefined)
		throw new ActionableError('n8n has no webhook URL for this node.', 'Save the workflow and try again.');
	return { ...(await openClient(context)), address: { kind: 'online', handler } };
}

/**
 * Whether nothing has to be registered: what is bound equals what is wanted, and its application token is known. Runs at
 * every activation and at every start of n8n.
 *
 * @throws NodeOperationError with advice when the portal does not tell
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	return await withNodeErrors(
		context.getNode(),
		async () => await trackActivation(context, async () => await isRegistered(context)),
	);
}

async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const settings = readTriggerSettings(context);
	// An outgoing webhook is registered by hand and a test asks for a sample each time: create looks at the settings.
	if (settings.authentication === 'outgoingWebhook' || context.getMode() === 'manual') return false;
	const { connection, portal: client, address } = await openRegistration(context);
	const known =
		connection.applicationToken !== null ||
		readLearnedToken(context.getWorkflowStaticData('node'), connection) !== null;
	if (!known) return false;
	const wanted = await wantedEvents(client, connection, settings.events);
	return isEmpty(diff(wanted, await currentHandlers(client, address)));
}

/**
 * Registers the trigger: makes what is bound at its URL equal to what is wanted and, where the application token has to
 * be learned, asks the portal for it. Stores nothing: n8n writes a node's static data only after this has ended, over
 * whatever the answer has taught meanwhile.
 *
 * @throws NodeOperationError with the whole advice in its message
 */
export async function create(context: IHookFunctions): Promise<boolean> {
	await withNodeErrors(
		context.getNode(),
		async () => await trackActivation(context, async () => await prepare(context)),
	);
	return true;
}

async function prepare(context: IHookFunctions): Promise<void> {
	const settings = readTriggerSettings(context);
	if (Number.isNaN(settings.maxAgeMinutes)) throw noAge();
	if (settings.authentication === 'outgoingWebhook') return await checkByHand(context, settings);
	const target = await openRegistration(context);
	await register(context, settings, target);
	if (isUnencrypted(target.address.handler)) {
		context.logger.warn(
			`Bitrix24 Trigger "${context.getNode().name}" receives events over http, and each carries tokens that can be read on the way. Give this n8n an https address (WEBHOOK_URL).`,
		);
	}
}

function noAge(): ActionableError {
	return new ActionableError(
		'"Maximum Age (Minutes)" is not a number of minutes.',
		'Open the node and enter one under Options, or 0 to accept deliveries of any age. If it is an expression, look at its result.',
	);
}

/** What Bitrix24 sends to an outgoing webhook is chosen there; here it can only be looked at. */
async function checkByHand(context: IHookFunctions, { events }: TriggerSettings): Promise<void> {
	if (events.length === 0) throw nothingSelected();
	parseOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
}

async function register(context: IHookFunctions, settings: TriggerSettings, target: Registration): Promise<void> {
	const { connection, portal: client, address } = target;
	checkHandlerUrl(address.handler, connection.origin);
	await checkReadiness(client);
	const wanted = await wantedEvents(client, connection, settings.events);
	const purpose = whatToAsk(context.getMode() === 'manual', settings, connection.applicationToken !== null);
	await reconcile(client, address, [
		...(purpose === 'sample' ? [] : wanted),
		...(purpose === null ? [] : [testEventCode]),
	]);
	if (purpose === null) return;
	const challenge = makeChallenge(
		challengeScope(context, connection),
		purpose,
		Date.now(),
		randomBytes(16).toString('hex'),
	);
	await call(client, 'event.test', { challenge }, bitrixTrue);
}

/** What a test event is needed for, null when none is. */
function whatToAsk(isTest: boolean, { testWith }: TriggerSettings, tokenGiven: boolean): Purpose | null {
	if (isTest) return testWith === 'sample' ? 'sample' : null;
	return tokenGiven ? null : 'learn';
}

// Where Bitrix24 no longer knows the app, its handlers are gone as well: nothing is left to take down.
const gone = new Set(['NO_ACCESS', 'PORTAL_DELETED']);

/**
 * Takes everything down that is bound at the trigger's URL, the learning handler included.
 *
 * @throws NodeOperationError with advice when the portal refuses; n8n then tries again. Not after a refused activation,
 * which n8n repeats as a whole
 */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const refusal = takeFailedActivation(context);
	return await withNodeErrors(context.getNode(), async () => {
		if (readTriggerSettings(context).authentication === 'oAuth2') {
			await takeDown(context).catch((error: unknown) => pass(context, error, refusal));
		}
		return true;
	});
}

async function takeDown(context: IHookFunctions): Promise<void> {
	const { portal: client, address } = await openRegistration(context);
	await reconcile(client, address, []);
}

/** @param refusal what the activation threw that this cleans up after; null when it is not for that */
function pass(context: IHookFunctions, error: unknown, refusal: string | null): void {
	if (!(error instanceof ActionableError)) throw error;
	const isGone = error.failure === null || gone.has(error.failure.code);
	if (!isGone && refusal === null) throw error;
	// The user has just read it, n8n says it in its log, and says it five times: as often as it tries to activate.
	if (String(error) === refusal) return;
	context.logger.warn(`Bitrix24 Trigger could not take its handlers down. ${error.message}`);
}
