import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { receive } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { appAuth, testEvent } from '../../../fakes/delivery.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const credentials = {
	bitrix24OAuth2Api: { ...connectedApp, applicationToken: 'the-one-before-the-app-was-reinstalled' },
};

/** What arrives while the editor listens, with the challenge that was sent for it. */
async function listen(change: (challenge: string) => string = (challenge) => challenge) {
	const { context, portal } = hookContext({ credentials, mode: 'manual' });
	await create(context);
	const challenge = change(String(portal.callsOf('event.test')[0]?.challenge));
	return webhookContext({ payload: testEvent(challenge, appAuth), credentials, mode: 'manual' });
}

describe('an application token that the app no longer has', () => {
	it('is told to the person who listens in the editor', async () => {
		const { context } = await listen();
		await expect(receive(context)).rejects.toThrow(
			/not the one that the app has .* Empty the field "Application Token"/,
		);
	});

	it('is a warning, with what to do beside it', async () => {
		const { context } = await listen();
		await expect(receive(context)).rejects.toMatchObject({
			level: 'warning',
			description: expect.stringMatching(/^Empty the field "Application Token"/),
		});
	});

	it('is told to nobody who sends something made up', async () => {
		const { context, answers } = await listen((challenge) => `${challenge.slice(0, -1)}x`);
		expect(await receive(context)).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual([{ status: 403, body: expect.objectContaining({ error: 'INVALID_APPLICATION_TOKEN' }) }]);
	});

	it('is no secret that the words give away', async () => {
		const { context } = await listen();
		await expect(receive(context)).rejects.toThrow(
			expect.objectContaining({ message: expect.not.stringContaining(appAuth.application_token) }),
		);
	});
});
