import { openRegistration } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';

describe('openRegistration', () => {
	it("names the trigger's place on its portal", async () => {
		const { connection, address } = await openRegistration(hookContext().context);
		expect(address).toEqual({ kind: 'online', handler: productionUrl });
		expect(connection.origin).toBe('https://some-domain.bitrix24.com');
	});

	it('refuses when n8n has no URL', async () => {
		await expect(openRegistration(hookContext({ url: null }).context)).rejects.toThrow(
			'n8n has no webhook URL for this node. Save the workflow and try again.',
		);
	});

	it('refuses without a credential', async () => {
		await expect(openRegistration(hookContext({ credentials: {} }).context)).rejects.toThrow(
			'The Bitrix24 credential of this node is missing or can not be read.',
		);
	});
});
