import { z } from 'zod';

import { ask } from '../../../../nodes/Bitrix24/api/client.js';
import { Refusal } from '../../../../nodes/Bitrix24/api/errors.js';
import type { Answer } from '../../../../nodes/Bitrix24/api/response.js';

function portalWith(answer: Answer) {
	const call = jest.fn<Promise<Answer>, [string, object?]>(async () => answer);
	return { call };
}

describe('ask', () => {
	it('calls the method and returns its result in the form that was asked for', async () => {
		const portal = portalWith({ ok: true, result: { INSTALLED: 'x', MORE: 1 }, next: null });
		const form = z.object({ INSTALLED: z.string() });
		expect(await ask(portal, 'app.info', { a: 1 }, form)).toEqual({ INSTALLED: 'x' });
		expect(portal.call.mock.calls).toEqual([['app.info', { a: 1 }]]);
	});

	it('throws what can be done about a refusal', async () => {
		const failure = { status: 500, code: 'PORTAL_DELETED', description: '' };
		const asking = ask(portalWith({ ok: false, failure }), 'events', {}, z.unknown());
		await expect(asking).rejects.toThrow(Refusal);
		await expect(asking).rejects.toMatchObject({ what: 'This Bitrix24 portal has been deleted.', failure });
	});

	it('throws when the result has another form', async () => {
		const asking = ask(portalWith({ ok: true, result: 'x', next: null }), 'events', {}, z.array(z.string()));
		await expect(asking).rejects.toMatchObject({
			what: 'What answered at the portal URL is not the Bitrix24 REST API (events answered in an unknown form).',
			failure: { status: 200, code: 'UNREADABLE_ANSWER', description: 'events answered in an unknown form' },
		});
	});
});
