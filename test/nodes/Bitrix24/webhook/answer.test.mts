import { sendAccepted, sendRejection } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

describe('accept', () => {
	it('answers 200 itself and starts nothing', () => {
		const { context, answers } = webhookContext({});
		expect(sendAccepted(context)).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual([{ status: 200, body: { message: 'Received' } }]);
	});
});

describe('refuse', () => {
	it.each([
		['INVALID_APPLICATION_TOKEN', 403, 'The application token is missing or wrong.'],
		['WRONG_PORTAL', 403, 'This trigger accepts deliveries of another portal.'],
		['EXPIRED_EVENT', 403, 'The delivery is too old, or from the future.'],
		['INVALID_EVENT', 400, 'This is not an event in the form in which Bitrix24 delivers it.'],
		['NOT_CONFIGURED', 500, 'The trigger is not ready to receive events.'],
	] as const)('answers %s with status %d itself, says why, and starts nothing', (code, status, description) => {
		const { context, answers } = webhookContext({});
		expect(sendRejection(context, code)).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual([{ status, body: { error: code, error_description: description } }]);
	});
});
