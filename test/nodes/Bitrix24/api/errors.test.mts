import fc from 'fast-check';

import { ActionableError, lookupMeaning, meaningOf, toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { ApiFailure } from '../../../../nodes/Bitrix24/api/response.js';

const failed = (code: string, more: Partial<ApiFailure> = {}): ApiFailure => ({
	status: 403,
	code,
	description: '',
	...more,
});

/** What happened: what stands before the remedy. */
const problemOf = ({ message, remedy }: ActionableError) => message.slice(0, -remedy.length - 1);

describe('toActionableError', () => {
	it.each([
		[
			'NO_ACCESS',
			/no longer accepts this connection/,
			/choose "Connect my account" again\. .*client ID, client secret/,
		],
		['NO_ANSWER', /^Bitrix24 did not answer \(.*\)\.$/, /Check the portal URL/],
		['UNREADABLE_ANSWER', /is not the Bitrix24 REST API \(.*\)\.$/, /such as https:\/\/your-company\.bitrix24\.com/],
		['insufficient_scope', /lacks a permission/, /add the permission \(for leads: CRM\), save/],
		['user_access_error', /user who connected the credential may not use this/, /administrator/],
		['INVALID_CREDENTIALS', /user who connected the credential lacks the rights/, /as an administrator/],
		['WRONG_AUTH_TYPE', /only to an app/, /local application \(not an incoming webhook\)/],
		['PORTAL_DELETED', /portal has been deleted/, /another portal URL/],
		['INVALID_REQUEST', /over https only/, /begin with https:\/\//],
		['PAYMENT_REQUIRED', /subscription of this Bitrix24 app has run out/, /Renew it/],
		['QUERY_LIMIT_EXCEEDED', /more requests from here than it allows \(2 a second\)/, /Wait a minute/],
		['OVERLOAD_LIMIT', /blocked REST calls to this portal for overload/, /Bitrix24 support/],
		['OPERATION_TIME_LIMIT', /used up the working time/, /^Try again in ten minutes\.$/],
		['WRONG_LICENSE', /plan does not include this/, /administrator/],
		['ERROR_WRONG_HANDLER_URL', /does not accept this n8n's webhook URL/, /Set WEBHOOK_URL to the address/],
		['ACCESS_DENIED', /only an administrator, or only an app, may do this/, /as an administrator .* local application/],
	])('tells what happened and what to do about %s, in words and not in codes', (code, what, remedy) => {
		const refusal = toActionableError(failed(code));
		expect(problemOf(refusal)).toMatch(what);
		expect(refusal.remedy).toMatch(remedy);
		expect(refusal.message.endsWith(` ${refusal.remedy}`)).toBe(true);
		expect(refusal.message).not.toContain(code);
	});

	it('takes every 401 for lost access, whatever its code', () => {
		expect(toActionableError(failed('expired_token', { status: 401 })).message).toBe(
			toActionableError(failed('NO_ACCESS')).message,
		);
		expect(toActionableError(failed('ACCESS_DENIED', { status: 401 })).message).toBe(
			toActionableError(failed('NO_ACCESS')).message,
		);
	});

	it.each(['NO_ANSWER', 'UNREADABLE_ANSWER'])('names the reason of %s', (code) => {
		expect(problemOf(toActionableError(failed(code, { description: 'it took too long' })))).toContain(
			'(it took too long)',
		);
	});

	it.each([
		'REST API is available only on commercial plans',
		'Not on your tariff',
		'LICENSE expired',
		'no licence',
		'Subscription required',
	])('tells from "%s" that the plan has no REST', (description) => {
		const error = toActionableError(failed('ACCESS_DENIED', { description }));
		const [what, remedy] = [problemOf(error), error.remedy];
		expect(what).toBe("The portal's Bitrix24 plan does not include the REST API.");
		expect(remedy).toMatch(/upgrade the plan/);
	});

	it('tells what Bitrix24 itself could not do from what it refused', () => {
		const error = toActionableError(failed('INTERNAL_SERVER_ERROR', { status: 500, description: 'Oops' }));
		const [what, remedy] = [problemOf(error), error.remedy];
		expect(what).toBe('Bitrix24 could not do this at the moment (INTERNAL_SERVER_ERROR, "Oops").');
		expect(remedy).toMatch(/^Try again in a few minutes\./);
		expect(problemOf(toActionableError(failed('ERROR_X', { status: 499 })))).toBe('Bitrix24 refused: ERROR_X.');
	});

	it('hands on what it does not know', () => {
		const failure = failed('ERROR_UNSUPPORTED_PROTOCOL', { description: 'Unsupported event handler protocol' });
		expect(problemOf(toActionableError(failure))).toBe(
			'Bitrix24 refused: ERROR_UNSUPPORTED_PROTOCOL, "Unsupported event handler protocol".',
		);
		expect(toActionableError(failure).remedy).toMatch(/REST documentation/);
		expect(problemOf(toActionableError(failed('ERROR_X')))).toBe('Bitrix24 refused: ERROR_X.');
	});

	it('always says something, in sentences, and keeps the failure', () => {
		const codes = fc.oneof(fc.constantFrom('OPERATION_TIME_LIMIT', 'ACCESS_DENIED', 'NO_ANSWER'), fc.string());
		const lastMoment = 8_640_000_000_000_000;
		const moments = fc.option(fc.nat({ max: lastMoment }), { nil: undefined });
		fc.assert(
			fc.property(codes, fc.string(), moments, (code, description, retryAt) => {
				const failure = { status: 400, code, description, ...(retryAt === undefined ? {} : { retryAt }) };
				const refusal = toActionableError(failure);
				expect(refusal.failure).toBe(failure);
				expect([problemOf(refusal), refusal.remedy]).toEqual([
					expect.stringMatching(/\.$/),
					expect.stringMatching(/\.$/),
				]);
			}),
		);
	});
});

describe('meaningOf', () => {
	it.each<[code: string, status: number | null, passes: string]>([
		['QUERY_LIMIT_EXCEEDED', 503, 'soon'],
		['OPERATION_TIME_LIMIT', 429, 'soon'],
		['OVERLOAD_LIMIT', 503, 'later'],
		['NO_ANSWER', null, 'later'],
		['UNREADABLE_ANSWER', 200, 'later'],
		['INTERNAL_SERVER_ERROR', 500, 'later'],
		['SOMETHING_NEW', 500, 'later'],
		['SOMETHING_NEW', null, 'later'],
		['SOMETHING_NEW', 499, 'never'],
		['ACCESS_DENIED', 403, 'never'],
		['PORTAL_DELETED', 503, 'never'],
		['QUERY_LIMIT_EXCEEDED', 401, 'never'],
	])('says of %s with status %p that it passes %s', (code, status, passes) => {
		expect(meaningOf(failed(code, { status })).passes).toBe(passes);
	});

	it('knows when the app is gone', () => {
		const codes = ['NO_ACCESS', 'PORTAL_DELETED', 'ACCESS_DENIED', 'NO_ANSWER', 'SOMETHING_NEW'];
		expect(codes.filter((code) => meaningOf(failed(code)).appGone)).toEqual(['NO_ACCESS', 'PORTAL_DELETED']);
	});

	it('knows what may have been carried out all the same', () => {
		const codes = ['NO_ANSWER', 'UNREADABLE_ANSWER', 'SOMETHING_NEW', 'QUERY_LIMIT_EXCEEDED', 'PORTAL_DELETED'];
		expect(codes.filter((code) => meaningOf(failed(code, { status: 500 })).mayHaveHappened)).toEqual([
			'NO_ANSWER',
			'UNREADABLE_ANSWER',
			'SOMETHING_NEW',
		]);
	});
});

describe('lookupMeaning', () => {
	it.each<['none' | 'refused' | 'unanswered', number | null, string]>([
		['none', 400, 'NOT_FOUND'],
		['none', 400, 'ACCESS_DENIED'],
		['none', 403, 'ACCESS_DENIED'],
		['refused', 403, 'insufficient_scope'],
		['refused', 400, 'ERROR_ARGUMENT'],
		['unanswered', 401, 'NO_ACCESS'],
		['unanswered', 429, 'OPERATION_TIME_LIMIT'],
		['unanswered', 503, 'QUERY_LIMIT_EXCEEDED'],
		['unanswered', 500, 'NOT_FOUND'],
		['unanswered', 403, 'UNREADABLE_ANSWER'],
		['unanswered', 200, 'UNREADABLE_ANSWER'],
		['unanswered', null, 'NO_ANSWER'],
	])('says "%s" for %s %s', (meaning, status, code) => {
		expect(lookupMeaning(failed(code, { status }))).toBe(meaning);
	});
});
