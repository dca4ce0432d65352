import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { storeLearnedToken } from '../applicationToken/learnedToken';
import { isSelected, testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { parseEvent } from '../event/event';
import { createLog, portalForLog } from '../n8n/log';
import { tokenMismatchError } from '../n8n/nodeError';
import { readTriggerSettings } from '../settings/settings';
import { removeLearningHandler } from '../subscription/handlers';
import { readBody } from './readBody';
import { sampleEvent } from './sampleEvent';
import { startWorkflow } from './startWorkflow';
import type { Verifier } from './verifier';
import { openVerifier } from './verifier';
import type { RejectionCode } from './verify';
import { isFresh } from './verify';

/**
 * A delivery's way in: read, parse, verify, select, map, start. Nothing that is not verified starts the workflow.
 *
 * @throws NodeOperationError for the person who listens in the editor, when the credential's application token is not
 * the app's any more; n8n shows it there
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body = readBody(context.getRequestObject());
	const event = body === null ? null : parseEvent(body);
	if (event === null) return reject(context, undefined, 'INVALID_EVENT', 'it is not an event');

	const settings = readTriggerSettings(context);
	let verifier: Verifier;
	try {
		verifier = await openVerifier(context, settings);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'the credential can not be read';
		return reject(context, event, 'NOT_CONFIGURED', reason);
	}

	const verification = await verifier.verify(event);
	switch (verification.kind) {
		case 'rejected':
			return reject(context, event, verification.code, verification.reason);
		case 'tokenLearned': {
			const response = sendAccepted(context);
			const { connection, client, ...token } = verification;
			storeLearnedToken(context.getWorkflowStaticData('node'), connection, token);
			// A user who selected the test event itself keeps its handler.
			if (!isSelected(testEventCode, settings.events)) await removeLearningHandler(context, client);
			return response;
		}
		case 'sample':
			return await startWorkflow(context, await sampleEvent(context, event, settings), settings, verifier, true);
		case 'tokenMismatch':
			throw tokenMismatchError(context.getNode());
		case 'verified':
			if (!isFresh(event.ts, settings.maxAgeMinutes, Date.now())) {
				return reject(context, event, 'EXPIRED_EVENT', 'it is too old, or from the future');
			}
			if (!isSelected(event.code, settings.events)) return sendAccepted(context);
			if (settings.ignoreUserIds.has(event.auth.user_id ?? '')) return sendAccepted(context);
			return await startWorkflow(context, event, settings, verifier, false);
	}
}

function reject(
	context: IWebhookFunctions,
	event: Bitrix24Event | undefined,
	code: RejectionCode,
	reason: string,
): IWebhookResponseData {
	createLog(context).warn(`rejected a delivery of ${portalForLog(event?.auth.domain)} (${code}): ${reason}.`);
	return sendRejection(context, code);
}

const rejections: Record<RejectionCode, [status: number, description: string]> = {
	INVALID_APPLICATION_TOKEN: [403, 'The application token is missing or wrong.'],
	WRONG_PORTAL: [403, 'This trigger accepts deliveries of another portal.'],
	EXPIRED_EVENT: [403, 'The delivery is too old, or from the future.'],
	INVALID_EVENT: [400, 'This is not an event in the form in which Bitrix24 delivers it.'],
	NOT_CONFIGURED: [500, 'The trigger is not ready to receive events.'],
};

type Responder = Pick<IWebhookFunctions, 'getResponseObject'>;

/** Answers a delivery that starts nothing and is no fault of the sender's. */
function sendAccepted(context: Responder): IWebhookResponseData {
	return send(context, 200, { message: 'Received' });
}

/** Answers a delivery that is not accepted. Says no more than which rule it broke. */
function sendRejection(context: Responder, code: RejectionCode): IWebhookResponseData {
	const [status, description] = rejections[code];
	return send(context, status, { error: code, error_description: description });
}

function send(context: Responder, status: number, body: Record<string, string>): IWebhookResponseData {
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}
