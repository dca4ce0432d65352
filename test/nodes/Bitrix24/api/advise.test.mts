import fc from 'fast-check';

import { toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { ApiFailure } from '../../../../nodes/Bitrix24/api/response.js';

const failed = (code: string, more: Partial<ApiFailure> = {}): ApiFailure => ({
	status: 403,
	code,
	description: '',
	...more,
});

describe('advise', () => {
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
		expect(refusal.problem).toMatch(what);
		expect(refusal.remedy).toMatch(remedy);
		expect(refusal.message).toBe(`${refusal.problem} ${refusal.remedy}`);
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

	it('names both portals where the credential is connected with another one', () => {
		const contradiction = { about: 'portal' as const, connected: 'https://b.example', entered: 'https://a.example' };
		const { problem: what, remedy } = toActionableError(failed('NO_ACCESS', { status: 401, mismatch: contradiction }));
		expect(what).toMatch(
			/connected with the portal https:\/\/b\.example, but its portal URL names https:\/\/a\.example/,
		);
		expect(remedy).toMatch(/enter the URL of the portal that you mean/);
	});

	it('names the authorization server that handed the access out', () => {
		const servers = { connected: 'https://oauth.bitrix24.tech', entered: 'https://oauth.bitrix.info' };
		const contradiction = { about: 'authorizationServer' as const, ...servers };
		const { problem: what, remedy } = toActionableError(failed('NO_ACCESS', { status: 401, mismatch: contradiction }));
		expect(what).toMatch(/by https:\/\/oauth\.bitrix24\.tech, but the credential asks https:\/\/oauth\.bitrix\.info/);
		expect(remedy).toMatch(/enter https:\/\/oauth\.bitrix24\.tech as authorization server/);
	});

	it.each(['NO_ANSWER', 'UNREADABLE_ANSWER'])('names the reason of %s', (code) => {
		expect(toActionableError(failed(code, { description: 'it took too long' })).problem).toContain(
			'(it took too long)',
		);
	});

	it('names the minute from which working time is there again', () => {
		const retryAt = Date.UTC(2025, 2, 24, 9, 6, 39);
		expect(toActionableError(failed('OPERATION_TIME_LIMIT', { retryAt })).remedy).toBe('Try again after 09:06 UTC.');
	});

	it.each([
		'REST API is available only on commercial plans',
		'Not on your tariff',
		'LICENSE expired',
		'no licence',
		'Subscription required',
	])('tells from "%s" that the plan has no REST', (description) => {
		const { problem: what, remedy } = toActionableError(failed('ACCESS_DENIED', { description }));
		expect(what).toBe("The portal's Bitrix24 plan does not include the REST API.");
		expect(remedy).toMatch(/upgrade the plan/);
	});

	it('does not take another denial for a matter of the plan', () => {
		expect(
			toActionableError(failed('ACCESS_DENIED', { description: 'Access denied! Application context required' }))
				.problem,
		).toBe('Bitrix24 denied access: only an administrator, or only an app, may do this.');
	});

	it('tells what Bitrix24 itself could not do from what it refused', () => {
		const { problem: what, remedy } = toActionableError(
			failed('INTERNAL_SERVER_ERROR', { status: 500, description: 'Oops' }),
		);
		expect(what).toBe('Bitrix24 could not do this at the moment (INTERNAL_SERVER_ERROR, "Oops").');
		expect(remedy).toMatch(/^Try again in a few minutes\./);
		expect(toActionableError(failed('ERROR_X', { status: 499 })).problem).toBe('Bitrix24 refused: ERROR_X.');
	});

	it('hands on what it does not know', () => {
		const failure = failed('ERROR_UNSUPPORTED_PROTOCOL', { description: 'Unsupported event handler protocol' });
		expect(toActionableError(failure).problem).toBe(
			'Bitrix24 refused: ERROR_UNSUPPORTED_PROTOCOL, "Unsupported event handler protocol".',
		);
		expect(toActionableError(failure).remedy).toMatch(/REST documentation/);
		expect(toActionableError(failed('ERROR_X')).problem).toBe('Bitrix24 refused: ERROR_X.');
	});

	it.each(['constructor', 'toString', '__proto__'])('does not stumble over the code %s', (code) => {
		expect(toActionableError(failed(code)).problem).toBe(`Bitrix24 refused: ${code}.`);
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
				expect([refusal.problem, refusal.remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
			}),
		);
	});
});
