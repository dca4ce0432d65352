import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { storeLearnedToken } from '../applicationToken/learnedToken';
import { isSelected, testEventCode } from '../event/codes';
import { describeNoEvent, namedDomain, parseEvent } from '../event/event';
import { tokenMismatchError } from '../n8n/nodeError';
import { readTriggerSettings } from '../settings/settings';
import { rememberAddress } from '../subscription/addresses';
import { removeLearningHandler } from '../subscription/handlers';
import { readBody } from './readBody';
import { logRejection } from './rejectionLog';
import { sampleEvent, startWorkflow } from './startWorkflow';
import { openVerifier } from './verifier';
import type { RejectionCode, Verifier } from './verify';
import { isFresh } from './verify';

// For a delivery that starts nothing and is no fault of the sender's. n8n answers it, and has stored static data by then: a
// token that was learned counts for whatever follows the answer.
const accepted: IWebhookResponseData = { webhookResponse: { message: 'Received' } };

/**
 * A delivery's way in: read, parse, verify, select, map, start. Nothing that is not verified starts the workflow.
 *
 * @throws NodeOperationError for the person who listens in the editor, when the credential's application token is not
 * the app's any more; n8n shows it there
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body = readBody(context.getRequestObject());
	const event = body === null ? null : parseEvent(body);
	if (event === null) {
		const { domain, reason } = describeNoEvent(body);
		return reject(context, domain, 'INVALID_EVENT', `it ${reason}`);
	}

	const settings = readTriggerSettings(context);
	let verifier: Verifier;
	try {
		verifier = await openVerifier(context, settings, event);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'the credential cannot be read';
		return reject(context, namedDomain(event), 'NOT_CONFIGURED', reason);
	}

	const verification = await verifier.verify(event);
	switch (verification.kind) {
		case 'rejected':
			return reject(context, namedDomain(event), verification.code, verification.reason);
		case 'tokenLearned': {
			const { learned, address, client } = verification;
			const staticData = context.getWorkflowStaticData('node');
			storeLearnedToken(staticData, learned);
			rememberAddress(context, staticData, address);
			// A user who selected the test event itself keeps its handler.
			if (!isSelected(testEventCode, settings.events)) removeLearningHandler(context, client, address);
			return accepted;
		}
		case 'sample': {
			const sample = await sampleEvent(context, verification.event, settings);
			return await startWorkflow(context, sample, settings, verifier, true);
		}
		case 'tokenMismatch':
			throw tokenMismatchError(context.getNode());
		case 'verified':
			if (!isFresh(event.ts, settings.maxAgeMinutes, Date.now())) {
				return reject(context, namedDomain(event), 'EXPIRED_EVENT', 'it is too old, or from the future');
			}
			if (!isSelected(event.code, settings.events)) return accepted;
			if (settings.ignoreUserIds.has(verification.event.auth.user_id ?? '')) return accepted;
			return await startWorkflow(context, verification.event, settings, verifier, false);
	}
}

function reject(context: IWebhookFunctions, domain: string, code: RejectionCode, reason: string): IWebhookResponseData {
	logRejection(context, domain, code, reason);
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

/** Answers a delivery that is not accepted. Says no more than which rule it broke. */
function sendRejection(context: Responder, code: RejectionCode): IWebhookResponseData {
	const [status, description] = rejections[code];
	context.getResponseObject().status(status).json({ error: code, error_description: description });
	return { noWebhookResponse: true };
}
