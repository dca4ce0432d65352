import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import type { Verification } from '../../../../nodes/Bitrix24/webhook/verify.js';
import type { AppTrust } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import { ownerOfAccessToken, verifyApp } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { ourApp, refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const address = 'https://n8n.example.com/webhook/0d2f/webhook';
const challenges = new Map([
	['learn at 999', { purpose: 'learn' as const, issuedAt: 999, address }],
	['learn at 1000', { purpose: 'learn' as const, issuedAt: 1_000, address }],
	['learn at 1001', { purpose: 'learn' as const, issuedAt: 1_001, address }],
	['sample', { purpose: 'sample' as const, issuedAt: 1_001, address }],
]);

/** Judges a payload. Nothing is known, and the portal accepts no access token; a test says what differs. */
async function judge(
	payload: object,
	known: Partial<AppTrust> & { learned?: { hash: string; taughtAt: number } | null } = {},
): Promise<Verification> {
	const event = parseEvent(payload as never);
	if (event === null) throw new Error('The test delivers no event');
	return await verifyApp(event, {
		memberId: appAuth.member_id,
		givenToken: null,
		learned: null,
		isOutdated: false,
		taughtAt: known.learned?.taughtAt ?? null,
		isListening: false,
		// Forgiving: that only a text is asked about is judgeApp's to see to.
		readChallenge: (value) => challenges.get(String(value)) ?? null,
		now: 1_000,
		ownerOf: async () => null,
		tokenMissing: () => undefined,
		...known,
	});
}

/** What judgeApp says of a delivery whose application token is not the right one. */
const invalidToken = expect.objectContaining({ kind: 'rejected', code: 'INVALID_APPLICATION_TOKEN' });

const { applicationToken: token, otherApplicationToken: other } = secrets;
const learned = { hash: hashOf(token), taughtAt: 1_000 };
const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const proven = { kind: 'verified' };
const owner = { userId: '1', status: 'L' };
const believing = { ownerOf: async () => owner };

describe('verifyApp, with a token in the credential', () => {
	const given = { givenToken: token };

	it('accepts it and no other', async () => {
		expect(await judge(leadDeleted(), given)).toEqual(proven);
		expect(await judge(withAuth({ application_token: other }), given)).toEqual(invalidToken);
	});

	it('accepts no other proof instead', async () => {
		const auth = { ...appAuth, application_token: other };
		const everything = { ...given, ...believing, learned: { hash: hashOf(other), taughtAt: 1 } };
		expect(await judge(leadDeleted({ auth }), everything)).toEqual(invalidToken);
		expect(await judge(testEvent('learn at 1001', auth), everything)).toEqual(invalidToken);
		expect(await judge(testEvent('sample', auth), everything)).toEqual(invalidToken);
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

	it('learns it from an older one as well where the token was learned by a clock that was ahead', async () => {
		const auth = { ...appAuth, application_token: other };
		const judgeAt = async (now: number) => await judge(testEvent('learn at 999', auth), { learned, now });
		expect(await judgeAt(1_000 - 60_000)).toEqual(invalidToken);
		expect(await judgeAt(1_000 - 60_001)).toMatchObject({ kind: 'tokenLearned', hash: hashOf(other) });
	});
});

describe('verifyApp, knowing no token', () => {
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
});

describe('ownerOfAccessToken', () => {
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
