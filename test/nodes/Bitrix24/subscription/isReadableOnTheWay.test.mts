import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { isUnencrypted } from '../../../../nodes/Bitrix24/subscription/preconditions.js';
import { hookContext } from '../../../fakes/hookContext.mjs';

describe('isReadableOnTheWay', () => {
	it.each(['http://n8n.example.com/webhook/1/webhook', 'http://203.0.113.7:5678/webhook/1/webhook'])(
		'finds that %s is called unencrypted over the internet',
		(url) => {
			expect(isUnencrypted(url)).toBe(true);
		},
	);

	it.each(['https://n8n.example.com/webhook/1/webhook', 'http://10.0.0.7:5678/webhook/1', 'http://n8n.lan/webhook/1'])(
		'finds nothing wrong with %s',
		(url) => {
			expect(isUnencrypted(url)).toBe(false);
		},
	);

	it.each([
		['http', 1],
		['https', 0],
	])('is said at activation for %s', async (scheme, times) => {
		const { context, log } = hookContext({ url: `${scheme}://n8n.example.com/webhook/1/webhook` });
		await create(context);
		expect(log.filter((line) => line.includes('tokens that can be read on the way'))).toHaveLength(times);
	});
});
