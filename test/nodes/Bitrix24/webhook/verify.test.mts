import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import { parseOutgoingWebhook } from '../../../../nodes/Bitrix24/connection/outgoingWebhook.js';
import { isFresh, verifyOutgoingWebhook } from '../../../../nodes/Bitrix24/webhook/verify.js';
import { webhookAuth } from '../../../fakes/delivery.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const { applicationToken: token, otherApplicationToken: other } = secrets;

function judge(auth: object, tokens: string[], host: string | null = null) {
	const event = parseEvent({ event: 'ONCRMLEADDELETE', auth: { ...webhookAuth, ...auth } as never });
	if (event === null) throw new Error('The test delivers no event');
	return verifyOutgoingWebhook(event, { tokens, host });
}

describe('verifyOutgoingWebhook', () => {
	it.each([
		['the only token', [token]],
		['the first of several', [token, other]],
		['the last of several', [other, token]],
	])('accepts %s', (_name, tokens) => {
		expect(judge({}, tokens)).toEqual({ kind: 'verified' });
	});

	it.each([
		['another token', other],
		['the token in capitals', token.toUpperCase()],
		['a part of the token', token.slice(0, -1)],
		['both tokens at once', `${token},${other}`],
	])('refuses %s', (_name, delivered) => {
		expect(judge({ application_token: delivered }, [token])).toEqual({
			kind: 'rejected',
			code: 'INVALID_APPLICATION_TOKEN',
			reason: "its application token is none of the credential's",
		});
	});

	it.each([undefined, '', [token], { 0: token }])('refuses a delivery whose token is %j', (delivered) => {
		expect(judge({ application_token: delivered }, [token])).toEqual({
			kind: 'rejected',
			code: 'INVALID_APPLICATION_TOKEN',
			reason: 'it carries no application token',
		});
	});

	it.each([
		['https://crm.firma.com', 'CRM.Firma.com:443'],
		['crm.firma.com', 'crm.firma.com.:443'],
		['http://crm.firma.com', 'crm.firma.com:80'],
		['https://crm.firma.com:443/', 'crm.firma.com'],
		['https://crm.firma.com.', 'crm.firma.com'],
		['https://crm.firma.com:8443', 'crm.firma.com:8443'],
		['https://CRM.Bücher.example', 'crm.xn--bcher-kva.example'],
		['https://crm.xn--bcher-kva.example', 'crm.bücher.example'],
		['', 'any.example.com'],
	])('accepts for %p the portal %p', (portalUrl, domain) => {
		const { host } = parseOutgoingWebhook({ applicationToken: token, portalUrl });
		expect(judge({ domain }, [token], host)).toEqual({ kind: 'verified' });
	});

	it.each([
		['https://crm.firma.com', 'crm.firma.com:8443'],
		['https://crm.firma.com:8443', 'crm.firma.com'],
		['https://crm.firma.com', 'firma.com'],
		['https://crm.firma.com', 'crm.firma.com@evil.com'],
		['https://crm.firma.com', 'evil.com/crm.firma.com'],
		['https://crm.firma.com', 'not an address'],
		...['\r\n\r\ncrm.firma.com', 'a@crm.firma.com', 'crm.firma.com/', 'crm.firma.com:'].map((domain) => [
			'https://crm.firma.com',
			domain,
		]),
	])('refuses for %p the portal %p', (portalUrl, domain) => {
		const { host } = parseOutgoingWebhook({ applicationToken: token, portalUrl });
		expect(judge({ domain }, [token], host)).toMatchObject({ code: 'WRONG_PORTAL' });
	});

	it.each([undefined, 'other.bitrix24.com', 'some-domain.bitrix24.com.evil.com'])(
		'refuses portal %p where the credential names another',
		(domain) => {
			expect(judge({ domain }, [token], 'some-domain.bitrix24.com')).toEqual({
				kind: 'rejected',
				code: 'WRONG_PORTAL',
				reason: 'it comes from another portal than the credential names',
			});
		},
	);

	it('looks at the token first: a stranger does not learn which portal is the right one', () => {
		expect(judge({ application_token: other, domain: 'other.bitrix24.com' }, [token], 'a.b')).toMatchObject({
			code: 'INVALID_APPLICATION_TOKEN',
		});
	});
});

const ts = '1742807199';
const sent = 1742807199_000;
const minutes = (count: number) => count * 60_000;

describe('isFresh', () => {
	it.each([undefined, '', 'yesterday', ts, '1'])('accepts %p where no age is set', (time) => {
		expect(isFresh(time, 0, sent + minutes(1_000_000))).toBe(true);
	});

	it('accepts a delivery up to the age that is set, and no older one', () => {
		expect(isFresh(ts, 10, sent)).toBe(true);
		expect(isFresh(ts, 10, sent + minutes(10))).toBe(true);
		expect(isFresh(ts, 10, sent + minutes(10) + 1)).toBe(false);
		expect(isFresh(ts, 0.5, sent + 30_000)).toBe(true);
		expect(isFresh(ts, 0.5, sent + 30_001)).toBe(false);
	});

	it('accepts a delivery up to five minutes ahead, however young it has to be', () => {
		expect(isFresh(ts, 1, sent - minutes(5))).toBe(true);
		expect(isFresh(ts, 1, sent - minutes(5) - 1)).toBe(false);
	});

	it.each([undefined, '', 'yesterday', '-1', '1e9'])('refuses %p, which is no time, where an age is set', (time) => {
		expect(isFresh(time, 1_000_000_000, sent)).toBe(false);
	});

	it.each([sent, sent + minutes(1)])('accepts none where the age is no number (%d)', (now) => {
		expect(isFresh(ts, NaN, now)).toBe(false);
	});
});
