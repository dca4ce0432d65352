import type { IHookFunctions } from 'n8n-workflow';

import { ActionableError, meaningOf } from '../api/errors';
import { bitrixTrue } from '../api/response';
import type { Purpose } from '../applicationToken/challenge';
import { forgetLearnedToken, isLearnedFor, readLearnedToken } from '../applicationToken/learnedToken';
import { newChallenge, tokenWatchOf } from '../applicationToken/question';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import { testEventCode } from '../event/codes';
import { createLog } from '../n8n/log';
import { withNodeErrors } from '../n8n/nodeError';
import { openClient } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import { readTriggerSettings } from '../settings/settings';
import { takeFailedActivation, trackActivation } from './activationState';
import {
	forgetAddress,
	isFree,
	leave,
	leaveOtherAddresses,
	otherAddresses,
	rememberAddress,
	rememberedAddress,
	testAddresses,
} from './addresses';
import type { SubscriptionTarget } from './handlers';
import { allHandlers, diff, handlersAt, isEmpty, reconcile } from './handlers';
import { checkHandlerUrl, checkPermissions, checkReadiness, isUnencrypted } from './preconditions';
import { nothingSelected, wantedEvents } from './selectedEvents';

type WebhookTarget = SubscriptionTarget<{ kind: 'online'; handler: string }>;

/**
 * Where events go: to the webhook URL that n8n has for this node (the test URL while the editor listens).
 * A handler that is just being unbound is gone by then.
 */
async function openTarget(context: IHookFunctions): Promise<WebhookTarget> {
	const handler = context.getNodeWebhookUrl('default');
	if (handler === undefined) {
		throw new ActionableError('n8n has no webhook URL for this node.', 'Save the workflow and try again.');
	}
	const { unbinding, asking } = tokenWatchOf(context);
	await unbinding;
	// A question that waits for its turn must not bind its handler later. Whoever listens in the editor waits for none.
	if (context.getMode() !== 'manual') {
		asking?.stop.abort();
		await asking?.done;
	}
	return { ...(await openClient(context)), destination: { kind: 'online', handler } };
}

/**
 * Whether nothing has to be registered: what is bound equals what is wanted, and its application token is known. n8n asks
 * at every activation; at its start only 1.x does, and 2.x with N8N_USE_WORKFLOW_PUBLICATION_SERVICE=false.
 *
 * @throws NodeOperationError with advice when the portal does not answer
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	return await withNodeErrors(
		context.getNode(),
		async () => await trackActivation(context, async () => await isRegistered(context)),
	);
}

async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const settings = readTriggerSettings(context);
	// An outgoing webhook is registered by hand and a test asks for a sample each time: create checks the settings.
	if (settings.authentication === 'outgoingWebhook' || context.getMode() === 'manual') return false;
	const { connection, client, destination } = await openTarget(context);
	const learned = readLearnedToken(context.getWorkflowStaticData('node'));
	const known = connection.applicationToken !== null || (learned !== null && isLearnedFor(learned, connection));
	if (!known) return false;
	const wanted = await wantedEvents(client, connection, settings.events);
	const all = await allHandlers(client);
	return (
		isEmpty(diff(wanted, handlersAt(all, destination))) &&
		otherAddresses(context, destination.handler).every((url) => isFree(all, url))
	);
}

/**
 * Registers the trigger: makes what is bound at its URL equal to what is wanted and, where the application token has to
 * be learned, asks the portal for it. Stores nothing then: n8n writes a node's static data only after this has ended,
 * over whatever the answer has taught meanwhile.
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
	const target = await openTarget(context);
	await register(context, settings, target);
	if (isUnencrypted(target.destination.handler)) {
		createLog(context).warn(
			'it receives events over http, and each carries tokens that can be read on the way. Give this n8n an https address (WEBHOOK_URL).',
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

async function register(context: IHookFunctions, settings: TriggerSettings, target: WebhookTarget): Promise<void> {
	const { connection, client, destination } = target;
	checkHandlerUrl(destination.handler, connection.origin);
	await checkReadiness(client);
	// The names of those who did it are asked for with the events' own tokens, which needs no permission.
	await checkPermissions(client, { ...settings, includeUser: false });
	const wanted = await wantedEvents(client, connection, settings.events);
	const isTest = context.getMode() === 'manual';
	const purpose = whatToAsk(isTest, settings, connection.applicationToken !== null);
	const desired = [...(purpose === 'sample' ? [] : wanted), ...(purpose === null ? [] : [testEventCode])];
	const all = await allHandlers(client);
	await reconcile(target, desired, handlersAt(all, destination));
	if (purpose !== null) {
		const challenge = newChallenge(context, connection, purpose, destination.handler);
		await client.call('event.test', { challenge }, bitrixTrue);
	}
	if (isTest) return;
	// Last, so that an activation that is refused silences nothing that works.
	await leaveOtherAddresses(context, client, destination.handler, all);
	if (purpose !== null) return;
	const staticData = context.getWorkflowStaticData('node');
	forgetLearnedToken(staticData);
	rememberAddress(context, staticData, destination.handler);
}

/** What a test event is needed for, null when none is. */
function whatToAsk(isTest: boolean, { testWith }: TriggerSettings, tokenGiven: boolean): Purpose | null {
	if (isTest) return testWith === 'sample' ? 'sample' : null;
	return tokenGiven ? null : 'learn';
}

/**
 * Takes everything down that is bound at the trigger's URL, the learning handler included.
 *
 * @throws NodeOperationError with advice when the portal refuses; n8n then tries again. Not after a refused activation,
 * which n8n repeats as a whole
 */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const failed = takeFailedActivation(context);
	return await withNodeErrors(context.getNode(), async () => {
		if (readTriggerSettings(context).authentication === 'oAuth2') {
			await takeDown(context, failed).catch((error: unknown) => pass(context, error, failed));
		}
		return true;
	});
}

async function takeDown(context: IHookFunctions, failed: string | null): Promise<void> {
	const staticData = context.getWorkflowStaticData('node');
	const learned = readLearnedToken(staticData);
	// What taught it must not teach another one.
	if (learned !== null) tokenWatchOf(context).taughtAt = learned.taughtAt;
	forgetLearnedToken(staticData);
	const { client, destination } = await openTarget(context);
	const all = await allHandlers(client);
	await leave(client, destination.handler, all);
	// After a refused activation nothing else is touched: what is bound elsewhere may be what works.
	for (const handler of failed === null ? testAddresses(context, destination.handler) : []) {
		await leave(client, handler, all);
	}
	const former = rememberedAddress(context, staticData);
	if (former === null || former === destination.handler || isFree(all, former)) forgetAddress(staticData);
}

/** @param failed what the activation threw that this cleans up after; null when it is not for that */
function pass(context: IHookFunctions, error: unknown, failed: string | null): void {
	if (!(error instanceof ActionableError)) throw error;
	// Where Bitrix24 no longer knows the app, its handlers are gone as well: nothing is left to take down.
	const isGone = error.failure === null || meaningOf(error.failure).appGone === true;
	if (!isGone && failed === null) throw error;
	// The user has just read it, n8n says it in its log, and says it five times: as often as it tries to activate.
	if (String(error) === failed) return;
	createLog(context).warn(`it could not take its handlers down. ${error.message}`);
}
