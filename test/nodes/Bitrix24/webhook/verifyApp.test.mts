import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { ownerOfAccessToken } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { ourApp, refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { invalidToken, judge } from './judging.mjs';

const { applicationToken: token, otherApplicationToken: other } = secrets;
const learned = { hash: hashOf(token), taughtAt: 1_000 };
const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const proven = { kind: 'verified' };
const owner = { userId: '1', status: 'L' };
const believing = { ownerOf: async () => owner };

describe('verifyApp', () => {
	it.each([undefined, '', [token], { 0: token }])(
		'refuses a token that is %j, whatever else proves it',
		async (sent) => {
			const verdict = await judge(withAuth({ application_token: sent }), { ...believing, givenToken: token });
			expect(verdict).toEqual({
				kind: 'rejected',
				code: 'INVALID_APPLICATION_TOKEN',
				reason: 'it carries no application token',
			});
			const challenge = testEvent('learn at 1001', { ...appAuth, application_token: sent });
			expect(await judge(challenge, believing)).toEqual(invalidToken);
		},
	);

	it.each([undefined, '', 'ffffffffffffffffffffffffffffffff'])(
		'refuses portal %p, whatever else proves it',
		async (memberId) => {
			const verdict = await judge(withAuth({ member_id: memberId }), { ...believing, givenToken: token });
			expect(verdict).toEqual({
				kind: 'rejected',
				code: 'WRONG_PORTAL',
				reason: 'it comes from another portal than the credential',
			});
			const challenge = testEvent('learn at 1001', { ...appAuth, member_id: memberId });
			expect(await judge(challenge, believing)).toMatchObject({ code: 'WRONG_PORTAL' });
		},
	);
});

describe('verifyApp, with a token in the credential', () => {
	const given = { givenToken: token };

	it('accepts it and no other', async () => {
		expect(await judge(leadDeleted(), given)).toEqual(proven);
		expect(await judge(withAuth({ application_token: other }), given)).toEqual({
			kind: 'rejected',
			code: 'INVALID_APPLICATION_TOKEN',
			reason: "its application token is not the credential's (reinstalling an app changes it)",
		});
	});

	it('accepts no other proof instead', async () => {
		const auth = { ...appAuth, application_token: other };
		const everything = { ...given, ...believing, learned: { hash: hashOf(other), taughtAt: 1 } };
		expect(await judge(leadDeleted({ auth }), everything)).toEqual(invalidToken);
		expect(await judge(testEvent('learn at 1001', auth), everything)).toEqual(invalidToken);
		expect(await judge(testEvent('sample', auth), everything)).toEqual(invalidToken);
	});

	it('takes an own challenge for an ordinary event outside the editor', async () => {
		expect(await judge(testEvent('learn at 1001'), given)).toEqual(proven);
		expect(await judge(testEvent('sample'), given)).toEqual(proven);
	});

	it('shows a sample to whoever listens for it', async () => {
		const listening = { ...given, isListening: true };
		expect(await judge(testEvent('sample'), listening)).toEqual({ kind: 'sample' });
		expect(await judge(testEvent('learn at 1001'), listening)).toEqual(proven);
		expect(await judge(leadDeleted(), listening)).toEqual(proven);
	});

	it('tells a sample with another token apart: only the portal can have sent it', async () => {
		const auth = { ...appAuth, application_token: other };
		expect(await judge(testEvent('sample', auth), { ...given, isListening: true })).toEqual({ kind: 'tokenMismatch' });
	});
});

describe('verifyApp, with a token that was learned', () => {
	it('accepts it and no other, also while the editor listens', async () => {
		for (const isListening of [false, true]) {
			expect(await judge(leadDeleted(), { learned, isListening })).toEqual(proven);
			expect(await judge(withAuth({ application_token: other }), { learned, isListening, ...believing })).toEqual({
				kind: 'rejected',
				code: 'INVALID_APPLICATION_TOKEN',
				reason: 'its application token is not the one that this app has (reinstalling an app changes it)',
			});
		}
	});

	it.each(['learn at 999', 'learn at 1000'])(
		'learns nothing from a challenge that is not newer (%s)',
		async (value) => {
			expect(await judge(testEvent(value, { ...appAuth, application_token: other }), { learned })).toEqual(
				invalidToken,
			);
			expect(await judge(testEvent(value), { learned })).toEqual(proven);
		},
	);

	it('learns the token of a reinstalled app from a newer one', async () => {
		const auth = { ...appAuth, application_token: other };
		expect(await judge(testEvent('learn at 1001', auth), { learned })).toEqual({
			kind: 'tokenLearned',
			hash: hashOf(other),
			challenge: expect.objectContaining({ issuedAt: 1_001 }),
		});
	});

	it('learns it from an older one as well where the token was learned by a clock that was ahead', async () => {
		const auth = { ...appAuth, application_token: other };
		const judgeAt = async (now: number) => await judge(testEvent('learn at 999', auth), { learned, now });
		expect(await judgeAt(1_000 - 60_000)).toEqual(invalidToken);
		expect(await judgeAt(1_000 - 60_001)).toMatchObject({ kind: 'tokenLearned', hash: hashOf(other) });
	});
});

describe('before the token is known', () => {
	const token = secrets.applicationToken;
	describe('verifyApp, knowing no token', () => {
		it('learns the token from an own challenge that comes back', async () => {
			expect(await judge(testEvent('learn at 999'))).toEqual({
				kind: 'tokenLearned',
				hash: hashOf(token),
				challenge: expect.objectContaining({ issuedAt: 999 }),
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
			const ownerOf = jest.fn(async () => owner);
			expect(await judge(leadDeleted(), { ownerOf })).toEqual({ kind: 'verified', owner });
			expect(ownerOf.mock.calls).toEqual([[secrets.eventAccessToken]]);
		});

		it.each([
			['an event of the portal', leadDeleted(), {}, 1],
			['a test event', testEvent('learn at 1'), {}, 0],
			['an event of another portal', withAuth({ member_id: 'f'.repeat(32) }), {}, 0],
			['an event without a token', withAuth({ application_token: undefined }), {}, 0],
			['an event while the editor listens', leadDeleted(), { isListening: true }, 0],
			['an event while the token is known', leadDeleted(), { learned }, 0],
			['an event while another token is known', leadDeleted(), { learned: { ...learned, hash: hashOf(other) } }, 0],
			['an event while the token is given', leadDeleted(), { givenToken: token }, 0],
			['the answer to the question', testEvent('learn at 999'), {}, 0],
		])(
			'says that the token is missing, before it looks at access tokens, for %s',
			async (_name, payload, known, count) => {
				const said: string[] = [];
				const ownerOf = async () => said.push('asked') && null;
				await judge(payload, { ...known, tokenMissing: () => said.push('missing'), ownerOf } as never);
				expect(said.filter((word) => word === 'missing')).toHaveLength(count);
				if (count > 0) expect(said[0]).toBe('missing');
			},
		);

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
});

describe('by access token', () => {
	const token = secrets.eventAccessToken;
	const origin = 'https://some-domain.bitrix24.com';

	let known: string | undefined;
	beforeEach(() => (known = undefined));

	function ownerIn(portal: SimulatedPortal, helpers = portal.helpers) {
		const { httpRequestWithAuthentication } = portal.helpers;
		const { httpRequest } = helpers;
		const cache = { get: () => known, set: (app: string) => void (known = app) };
		return ownerOfAccessToken(portalBehind({ helpers: { httpRequest, httpRequestWithAuthentication } }), token, cache);
	}

	const ours = { ID: ourApp.id, CODE: ourApp.code, STATUS: 'L' };
	const ada = { userId: '1', status: 'L' };

	function accepting(): SimulatedPortal {
		const portal = simulatedPortal();
		portal.acceptToken(token);
		return portal;
	}

	/** A portal that says of the token which app, and whose, it is. */
	function portalWith(app: { [key: string]: string | number }, user: object = { ID: '1' }): SimulatedPortal {
		const portal = accepting();
		const { httpRequest } = portal.helpers;
		portal.helpers.httpRequest = async (options) => {
			await httpRequest(options);
			return result(options.url.endsWith('/profile.json') ? user : app);
		};
		return portal;
	}

	describe('ownerOfAccessToken', () => {
		afterEach(() => {
			jest.useRealTimers();
			jest.restoreAllMocks();
		});

		it("says whose a token is that the portal accepts for this very app, and asks once which app the credential's is", async () => {
			const portal = accepting();
			expect(await ownerIn(portal)).toEqual(ada);
			expect(portal.calls).toEqual([
				{ url: `${origin}/rest/app.info.json`, method: 'app.info', parameters: { auth: token } },
				{ url: `${origin}/rest/app.info.json`, method: 'app.info', parameters: {} },
				{ url: `${origin}/rest/profile.json`, method: 'profile', parameters: { auth: token } },
			]);
			portal.calls.length = 0;
			expect(await ownerIn(portal)).toEqual(ada);
			expect(portal.calls.map(({ method }) => method)).toEqual(['app.info', 'profile']);
		});

		it('accepts an app id that comes as a text, no status, and a user id that is a number', async () => {
			const app = { ID: String(ours.ID), CODE: ours.CODE };
			expect(await ownerIn(portalWith(app, { ID: 15 }))).toEqual({ userId: '15', status: undefined });
		});

		it('accepts the shortest id and code', async () => {
			const app = { ID: '7', CODE: 'a' };
			const portal = portalWith(app);
			const helpers = { ...portal.helpers };
			portal.helpers.httpRequestWithAuthentication = async () => result(app);
			expect(await ownerIn(portal, helpers)).toMatchObject({ userId: '1' });
		});

		it.each([
			['of another app', { ID: '18', CODE: 'local.other' }],
			['of an app with another id', { ...ours, ID: '18' }],
			['of an app with another code', { ...ours, CODE: 'local.other' }],
			['of an app without a code', { ID: ours.ID }],
			['of an app with an empty code', { ...ours, CODE: '' }],
			['of an app with an empty id', { ...ours, ID: '' }],
			['of no app', {}],
		])('does not accept a token %s', async (_name, app) => {
			expect(await ownerIn(portalWith(app as never))).toBeNull();
		});

		it.each([
			['of nobody', {}],
			['of somebody without an id', { ID: '' }],
		])('does not accept a token %s', async (_name, user) => {
			expect(await ownerIn(portalWith(ours, user))).toBeNull();
		});

		it('does not accept a token that the portal does not know', async () => {
			const portal = simulatedPortal();
			expect(await ownerIn(portal)).toBeNull();
			expect(portal.calls).toHaveLength(1);
		});

		it.each([
			['denies app.info', 'app.info', refused(403, 'ACCESS_DENIED', 'Application context required')],
			['answers something else', 'app.info', result('x')],
			['denies profile', 'profile', refused(403, 'ACCESS_DENIED', '')],
		])('does not accept a token while the portal %s', async (_name, method, answer) => {
			const portal = accepting();
			portal.answers.set(method, answer);
			expect(await ownerIn(portal)).toBeNull();
		});

		it('does not accept a token when the credential itself is refused', async () => {
			const portal = accepting();
			const helpers = { ...portal.helpers };
			portal.helpers.httpRequestWithAuthentication = async () => refused(403, 'ACCESS_DENIED', '');
			expect(await ownerIn(portal, helpers)).toBeNull();
		});

		it('gives up after ten seconds', async () => {
			jest.useFakeTimers();
			fakeTimeouts();
			const signals: Array<AbortSignal | undefined> = [];
			const portal = simulatedPortal();
			void ownerIn(portal, {
				...portal.helpers,
				httpRequest: async ({ abortSignal }) => {
					signals.push(abortSignal as AbortSignal);
					return await new Promise(() => undefined);
				},
			});
			await jest.advanceTimersByTimeAsync(9_999);
			expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
			await jest.advanceTimersByTimeAsync(1);
			expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
		});
	});
});
