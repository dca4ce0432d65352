import type { IHttpRequestOptions } from 'n8n-workflow';

import { lookUpUser } from '../../../../nodes/Bitrix24/webhook/userLookup.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { simulatedPortal, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const token = secrets.eventAccessToken;
const memberId = 'a223c6b3710f85df22e9377d6c4f7553';
const nobody = { userName: null, userIsAdmin: null };

/** Looks up the user whose profile the portal shows. */
async function lookUp(profile: unknown) {
	const portal = simulatedPortal();
	portal.answers.set('profile', result(profile));
	return await lookUpUser(portalBehind(portal), memberId, token);
}

describe('lookUpUser', () => {
	afterEach(() => {
		jest.useRealTimers();
		jest.restoreAllMocks();
	});

	it.each([
		['both names', { NAME: ' Ada ', LAST_NAME: 'Lovelace' }, 'Ada Lovelace'],
		['a first name', { NAME: 'Ada', LAST_NAME: '' }, 'Ada'],
		['a last name', { NAME: null, LAST_NAME: 'Lovelace' }, 'Lovelace'],
		['a name that is a number', { NAME: 7, LAST_NAME: 'Lovelace' }, 'Lovelace'],
		['names of spaces', { NAME: ' ', LAST_NAME: ' ' }, null],
		['no names', {}, null],
	])('names a user with %s', async (_name, profile, userName) => {
		expect((await lookUp(profile)).userName).toBe(userName);
	});

	it.each([
		['Y', true],
		['N', false],
		[null, null],
		[undefined, null],
	])('reads administrator %p as %p', async (sent, userIsAdmin) => {
		expect((await lookUp({ NAME: 'Ada', ADMIN: sent })).userIsAdmin).toBe(userIsAdmin);
	});

	it('asks nobody about an event that nobody caused', async () => {
		const portal = simulatedPortal();
		expect(await lookUpUser(portalBehind(portal), memberId, undefined)).toEqual(nobody);
		expect(portal.calls).toEqual([]);
	});

	it.each([
		['does not know the token', refused(401, 'NO_AUTH_FOUND', 'Wrong authorization data')],
		['is busy', refused(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests')],
		['answers something else', result('x')],
		['is not there', new Error('connect ECONNREFUSED')],
	])('names nobody, and does not try again, when the portal %s', async (_name, answer) => {
		const portal = simulatedPortal();
		portal.answers.set('profile', answer);
		expect(await lookUpUser(portalBehind(portal), memberId, token)).toEqual(nobody);
		expect(portal.calls).toHaveLength(1);
	});

	/** A portal that does not answer until it is told to. */
	function slowPortal() {
		const answers: Array<() => void> = [];
		const httpRequest = async ({ abortSignal }: IHttpRequestOptions) =>
			await new Promise((resolve, reject) => {
				abortSignal?.addEventListener?.('abort', () => reject(new Error('canceled')));
				answers.push(() => resolve({ statusCode: 200, headers: {}, body: { result: { NAME: 'Ada' } } }));
			});
		const client = portalBehind({ helpers: { ...simulatedPortal().helpers, httpRequest } });
		return { answers, lookUp: async (portal = memberId) => (await lookUpUser(client, portal, token)).userName };
	}

	it('names nobody when the portal takes longer than three seconds, and leaves it alone for a minute', async () => {
		jest.useFakeTimers();
		fakeTimeouts();
		const { answers, lookUp } = slowPortal();
		let found: unknown;
		void lookUp().then((userName) => (found = userName));
		await jest.advanceTimersByTimeAsync(2_999);
		expect(found).toBeUndefined();
		await jest.advanceTimersByTimeAsync(1);
		expect(found).toBeNull();

		await jest.advanceTimersByTimeAsync(59_999);
		expect(await lookUp()).toBeNull();
		expect(answers).toHaveLength(1);
		void lookUp('another portal');
		await jest.advanceTimersByTimeAsync(1);
		void lookUp();
		await jest.advanceTimersByTimeAsync(0);
		expect(answers).toHaveLength(3);
	});

	it('asks for one user more when one of ten is named, and not before', async () => {
		const { answers, lookUp } = slowPortal();
		const waiting = Array.from({ length: 10 }, async () => await lookUp());
		expect(await lookUp()).toBeNull();
		expect(answers).toHaveLength(10);
		answers[0]?.();
		expect(await waiting[0]).toBe('Ada');
		const next = lookUp();
		await Promise.resolve();
		for (const answer of answers) answer();
		await Promise.all(waiting);
		await new Promise((resolve) => setImmediate(resolve));
		answers.at(-1)?.();
		expect(await next).toBe('Ada');
	});

	it("names nobody where the portal's rate has no place at once", async () => {
		const portal = simulatedPortal();
		const client = portalBehind(portal);
		portal.acceptToken(token);
		const names = [];
		for (let count = 0; count < 16; count++) names.push((await lookUpUser(client, memberId, token)).userName);
		expect(names).toEqual([...Array.from({ length: 15 }, () => 'Ada Lovelace'), null]);
		expect(portal.calls).toHaveLength(15);
	});
});
