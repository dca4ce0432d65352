import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { invalidToken, judge } from './judging.mjs';

const { applicationToken: token, otherApplicationToken: other } = secrets;
const learned = { hash: hashOf(token), taughtAt: 1_000 };
const withAuth = (changes: object) => leadDeleted({ auth: { ...appAuth, ...changes } });
const proven = { kind: 'verified' };
const believing = { acceptsAccessToken: async () => true };

describe('judgeApp', () => {
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

describe('judgeApp, with a token in the credential', () => {
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

describe('judgeApp, with a token that was learned', () => {
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
			taughtAt: 1_001,
		});
	});
});
