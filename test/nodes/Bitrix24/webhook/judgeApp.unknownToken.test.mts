import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { invalidToken, judge } from './judging.mjs';

const token = secrets.applicationToken;
const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const believing = { acceptsAccessToken: async () => true };

describe('judgeApp, knowing no token', () => {
	it('learns the token from an own challenge that comes back', async () => {
		expect(await judge(testEvent('learn at 999'))).toEqual({
			kind: 'tokenLearned',
			hash: hashOf(token),
			taughtAt: 999,
		});
	});

	it.each([
		['a made-up challenge', testEvent('learn at 1')],
		['a list', testEvent(['learn at 1001'])],
		['nothing', testEvent(undefined)],
		['the challenge of a sample', testEvent('sample')],
		['the challenge in another event', leadDeleted({ data: { QUERY: { challenge: 'learn at 1001' } } })],
		['the challenge in another place', leadDeleted({ event: 'ONAPPTEST', data: { challenge: 'learn at 1001' } })],
		['a query that is a text', leadDeleted({ event: 'ONAPPTEST', data: { QUERY: 'learn at 1001' } })],
		['no data', leadDeleted({ event: 'ONAPPTEST', data: undefined })],
	])('learns nothing from %s', async (_name, payload) => {
		expect(await judge(payload)).toEqual(invalidToken);
	});

	it('accepts an access token that the portal accepts, and asks about that very one', async () => {
		const acceptsAccessToken = jest.fn(async () => true);
		expect(await judge(leadDeleted(), { acceptsAccessToken })).toEqual({ kind: 'verified' });
		expect(acceptsAccessToken.mock.calls).toEqual([[secrets.eventAccessToken]]);
	});

	it('refuses an access token that the portal does not accept, and an event without one', async () => {
		const reason = 'the application token is not known yet, and the event does not prove itself by an access token';
		const refused = { kind: 'rejected', code: 'INVALID_APPLICATION_TOKEN', reason };
		expect(await judge(leadDeleted())).toEqual(refused);
		expect(await judge(withAuth({ access_token: undefined }), believing)).toEqual(refused);
	});

	it('shows a sample to whoever listens for it, and to nobody else', async () => {
		expect(await judge(testEvent('sample'), { isListening: true })).toEqual({ kind: 'sample' });
		expect(await judge(testEvent('sample'))).toEqual(invalidToken);
	});

	it('learns nothing while the editor listens: n8n would not keep it', async () => {
		expect(await judge(testEvent('learn at 1001'), { isListening: true })).toEqual(invalidToken);
	});
});
