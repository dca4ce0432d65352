import { toApiFailure } from '../../../../nodes/Bitrix24/n8n/requestErrors.js';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const noAccess = {
	status: 401,
	code: 'NO_ACCESS',
	description: 'The portal accepts neither the access token nor its renewal',
};
const thrown = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('toApiFailure', () => {
	it.each([
		['a 401 as n8n names it', thrown('Authorization failed', { httpCode: '401' })],
		['a 401 as a number', thrown('Request failed', { httpCode: 401 })],
		['a 401 of the HTTP client', thrown('Request failed with status code 401', { response: { status: 401 } })],
		['a renewal that is refused', thrown('x', { code: 'EAUTH' })],
		['what the OAuth client says', thrown('invalid_grant')],
		['an unknown client', thrown('Bad request', { description: 'invalid client' })],
		['a refused request', thrown('invalid_request')],
		['no refresh token', thrown('No refresh token available')],
		['no access token', thrown('Unable to sign without access token')],
		['an account that is not connected', thrown('OAuth credentials not connected!')],
		['a hint to connect again', thrown('Please RECONNECT your account')],
		['revoked access', thrown('Token has been revoked')],
	])('finds in %s that access is gone', (_name, error) => {
		expect(toApiFailure(error)).toEqual(noAccess);
	});

	it.each([
		['a refused connection', thrown('connect ECONNREFUSED 127.0.0.1:8024'), 'nothing listens at that address'],
		['a reset connection', thrown('x', { code: 'ECONNRESET' }), 'the connection was cut off'],
		['a connection that ends early', thrown('socket hang up'), 'the connection was cut off'],
		['a broken pipe', thrown('write EPIPE'), 'the connection was cut off'],
		['an aborted connection', thrown('x', { code: 'ECONNABORTED' }), 'it took too long'],
		['a timeout', thrown('connect ETIMEDOUT'), 'it took too long'],
		['a timeout of the HTTP client', thrown('timeout of 20000ms exceeded'), 'it took too long'],
		['a circle', thrown('x', { httpCode: 'ERR_FR_TOO_MANY_REDIRECTS' }), 'it redirects in a circle'],
		['an unknown host', thrown('getaddrinfo ENOTFOUND x'), 'its address cannot be found'],
		['a name service that is down', thrown('x', { code: 'EAI_AGAIN' }), 'its address cannot be found'],
		['an unreachable host', thrown('x', { description: 'EHOSTUNREACH' }), 'there is no way to that address'],
		['an unreachable network', thrown('x', { httpCode: 'ENETUNREACH' }), 'there is no way to that address'],
		['another protocol', thrown('write EPROTO 00'), 'its certificate is not valid'],
		['a self-signed certificate', thrown('x', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'its certificate is not valid'],
		['an expired certificate', thrown('x', { code: 'CERT_HAS_EXPIRED' }), 'its certificate is not valid'],
	])('puts %s into words', (_name, error, description) => {
		expect(toApiFailure(error)).toEqual({ status: null, code: 'NO_ANSWER', description });
	});

	it.each([
		['as n8n names it', thrown('Bad gateway', { httpCode: '502' })],
		['as the HTTP client names it', thrown('Bad gateway', { response: { status: 502 } })],
	])('names an HTTP status %s', (_name, error) => {
		expect(toApiFailure(error)).toEqual({ status: 502, code: 'NO_ANSWER', description: 'HTTP 502' });
	});

	it.each(['We reconnect you soon', 'invalid_grant', 'socket hang up'])(
		'reads nothing out of a page that comes in place of a token (%s)',
		(page) => {
			const error = thrown(`Expected JSON response from OAuth2 token endpoint but received: ${page}`, {
				httpCode: '200',
			});
			expect(toApiFailure(error)).toEqual({
				status: 200,
				code: 'NO_ANSWER',
				description: 'its authorization server sent no token',
			});
		},
	);

	describe('where the authorization server refuses the renewal', () => {
		const refusedWith = (error: unknown) => thrown('x', { httpCode: 'EAUTH', cause: { body: { error } } });

		it.each(['PAYMENT_REQUIRED', 'PORTAL_DELETED', 'QUERY_LIMIT_EXCEEDED', 'OVERLOAD_LIMIT', 'OPERATION_TIME_LIMIT'])(
			'tells %s from access that is gone',
			(code) => {
				expect(toApiFailure(refusedWith(code))).toEqual({ status: null, code, description: '' });
			},
		);

		it.each(['invalid_grant', 'expired_token', 'ACCESS_DENIED', 'SOMETHING_NEW', 7, null, {}])(
			'takes %j for access that is gone',
			(code) => {
				expect(toApiFailure(refusedWith(code))).toEqual(noAccess);
			},
		);
	});

	it("prefers the network's reason to the status", () => {
		expect(toApiFailure(thrown('x', { httpCode: '502', code: 'ECONNRESET' }))).toEqual({
			status: 502,
			code: 'NO_ANSWER',
			description: 'the connection was cut off',
		});
	});

	it.each([
		['an error without a reason', new Error('something')],
		['what only holds the letters of a code', thrown('xECONNRESET')],
		['a text', 'ECONNREFUSED'],
		['nothing', undefined],
		['null', null],
		['fields of other kinds', { message: 7, description: [], httpCode: {}, code: 7, response: 'x' }],
	])('knows nothing more of %s', (_name, error) => {
		expect(toApiFailure(error)).toEqual({ status: null, code: 'NO_ANSWER', description: 'no answer' });
	});

	it('keeps nothing of the request that an error carries', () => {
		const token = secrets.credentialAccessToken;
		const error = thrown(`connect ECONNREFUSED https://a.example/?auth=${token}`, {
			description: `Bearer ${token}`,
			config: { headers: { Authorization: `Bearer ${token}` } },
			response: { status: 502, data: token },
		});
		expect(JSON.stringify(toApiFailure(error))).not.toContain(token);
	});
});
