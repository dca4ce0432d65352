import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { RefusalCode } from './verdict';

const refusals: Record<RefusalCode, [status: number, description: string]> = {
	INVALID_APPLICATION_TOKEN: [403, 'The application token is missing or wrong.'],
	WRONG_PORTAL: [403, 'This trigger accepts deliveries of another portal.'],
	EXPIRED_EVENT: [403, 'The delivery is too old, or from the future.'],
	INVALID_EVENT: [400, 'This is not an event in the form in which Bitrix24 delivers it.'],
	NOT_CONFIGURED: [500, 'The trigger is not ready to receive events.'],
};

type Responder = Pick<IWebhookFunctions, 'getResponseObject'>;

/** Answers a delivery that starts nothing and is no fault of the sender's. */
export function accept(context: Responder): IWebhookResponseData {
	return send(context, 200, { message: 'Received' });
}

/** Answers a delivery that is not accepted. Says no more than which rule it broke. */
export function refuse(context: Responder, code: RefusalCode): IWebhookResponseData {
	const [status, description] = refusals[code];
	return send(context, status, { error: code, error_description: description });
}

function send(context: Responder, status: number, body: Record<string, string>): IWebhookResponseData {
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}
