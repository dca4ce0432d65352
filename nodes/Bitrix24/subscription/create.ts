import { randomBytes } from 'node:crypto';

import type { IHookFunctions } from 'n8n-workflow';

import { ask } from '../api/ask';
import { carriedOut } from '../api/carriedOut';
import { inWords } from '../api/inWords';
import { readOutgoingWebhook } from '../api/readOutgoingWebhook';
import { Refusal } from '../api/refusal';
import type { TriggerSettings } from '../settings/triggerSettings';
import { readTriggerSettings } from '../settings/triggerSettings';
import { askerOf } from './asker';
import type { Purpose } from './challenge';
import { makeChallenge } from './challenge';
import { checkHandlerUrl } from './checkHandlerUrl';
import { checkReadiness } from './checkReadiness';
import { isReadableOnTheWay } from './isReadableOnTheWay';
import { reconcile } from './reconcile';
import { activating } from './refusedActivation';
import type { Registration } from './registration';
import { openRegistration } from './registration';
import { testEventCode } from './testEventCode';
import { nothingSelected, wantedEvents } from './wantedEvents';

/**
 * Registers the trigger: makes what is bound at its URL equal to what is wanted and, where the application token has to
 * be learned, asks the portal for it. Stores nothing: n8n writes a node's static data only after this has ended, over
 * whatever the answer has taught meanwhile.
 *
 * @throws NodeOperationError with the whole advice in its message
 */
export async function create(context: IHookFunctions): Promise<boolean> {
	await inWords(context.getNode(), async () => await activating(context, async () => await prepare(context)));
	return true;
}

async function prepare(context: IHookFunctions): Promise<void> {
	const settings = readTriggerSettings(context);
	if (Number.isNaN(settings.maxAgeMinutes)) throw noAge();
	if (settings.authentication === 'outgoingWebhook') return await checkByHand(context, settings);
	const registration = await openRegistration(context);
	await register(context, settings, registration);
	if (isReadableOnTheWay(registration.address.handler)) {
		context.logger.warn(
			`Bitrix24 Trigger "${context.getNode().name}" receives events over http, and each carries tokens that can be read on the way. Give this n8n an https address (WEBHOOK_URL).`,
		);
	}
}

function noAge(): Refusal {
	return new Refusal(
		'"Maximum Age (Minutes)" is not a number of minutes.',
		'Open the node and enter one under Options, or 0 to accept deliveries of any age. If it is an expression, look at its result.',
	);
}

/** What Bitrix24 sends to an outgoing webhook is chosen there; here it can only be looked at. */
async function checkByHand(context: IHookFunctions, { events }: TriggerSettings): Promise<void> {
	if (events.length === 0) throw nothingSelected();
	readOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
}

async function register(context: IHookFunctions, settings: TriggerSettings, registration: Registration): Promise<void> {
	const { connection, portal, address } = registration;
	checkHandlerUrl(address.handler, connection.origin);
	await checkReadiness(portal);
	const wanted = await wantedEvents(portal, connection, settings.events);
	const purpose = whatToAsk(context.getMode() === 'manual', settings, connection.applicationToken !== null);
	await reconcile(portal, address, [
		...(purpose === 'sample' ? [] : wanted),
		...(purpose === null ? [] : [testEventCode]),
	]);
	if (purpose === null) return;
	const challenge = makeChallenge(askerOf(context, connection), purpose, Date.now(), randomBytes(16).toString('hex'));
	await ask(portal, 'event.test', { challenge }, carriedOut);
}

/** What a test event is needed for, null when none is. */
function whatToAsk(isTest: boolean, { testWith }: TriggerSettings, tokenGiven: boolean): Purpose | null {
	if (isTest) return testWith === 'sample' ? 'sample' : null;
	return tokenGiven ? null : 'learn';
}
