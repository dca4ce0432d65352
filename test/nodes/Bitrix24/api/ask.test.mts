import { z } from 'zod';

import { call } from '../../../../nodes/Bitrix24/api/client.js';
import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { ApiResult } from '../../../../nodes/Bitrix24/api/response.js';

function portalWith(answer: ApiResult) {
	const tryCall = jest.fn<Promise<ApiResult>, [string, object?]>(async () => answer);
	return { tryCall };
}

describe('ask', () => {
	it('calls the method and returns its result in the form that was asked for', async () => {
		const portal = portalWith({ ok: true, result: { INSTALLED: 'x', MORE: 1 }, next: null });
		const form = z.object({ INSTALLED: z.string() });
		expect(await call(portal, 'app.info', { a: 1 }, form)).toEqual({ INSTALLED: 'x' });
		expect(portal.tryCall.mock.calls).toEqual([['app.info', { a: 1 }]]);
	});

	it('throws what can be done about a refusal', async () => {
		const failure = { status: 500, code: 'PORTAL_DELETED', description: '' };
		const asking = call(portalWith({ ok: false, failure }), 'events', {}, z.unknown());
		await expect(asking).rejects.toThrow(ActionableError);
		await expect(asking).rejects.toMatchObject({ problem: 'This Bitrix24 portal has been deleted.', failure });
	});

	it('throws when the result has another form', async () => {
		const asking = call(portalWith({ ok: true, result: 'x', next: null }), 'events', {}, z.array(z.string()));
		await expect(asking).rejects.toMatchObject({
			problem: 'What answered at the portal URL is not the Bitrix24 REST API (events answered in an unknown form).',
			failure: { status: 200, code: 'UNREADABLE_ANSWER', description: 'events answered in an unknown form' },
		});
	});
});
