import fc from 'fast-check';

import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import { redact, secretsOf } from '../../../../nodes/Bitrix24/event/redact.js';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { anyTree, planted } from './payloads.mjs';

const token = secrets.applicationToken;
const known = new Set([token]);

const secretKeys = ['access_token', 'refresh_token', 'application_token', 'client_secret', 'APP_SID', 'accessToken'];

describe('redact', () => {
	it('leaves what is no secret as it is', () => {
		const data = { FIELDS: { ID: '7', TITLE: 'token' }, LIST: ['a', { expires: '1' }] };
		expect(redact(data, known)).toEqual(data);
	});

	it.each([...secretKeys, ...secretKeys.map((key) => key.toUpperCase())])('leaves out what is called %s', (key) => {
		expect(redact({ BOT: [{ [key]: 'x', BOT_ID: '567' }] }, known)).toEqual({ BOT: [{ BOT_ID: '567' }] });
	});

	it('leaves out a whole map that is called by the name of a token', () => {
		expect(redact({ access_token: { a: 'b' } }, known)).toEqual({});
	});

	it('empties a text that holds a token, and keeps its key', () => {
		expect(redact({ url: `https://a.example/?auth=${token}` }, known)).toEqual({ url: '' });
	});

	it('finds a secret of sixteen characters in a longer text, and a shorter one only by itself', () => {
		const [sixteen, fifteen] = ['0123456789abcdef', '123456789abcdef'];
		const data = { a: `-${sixteen}-`, b: `-${fifteen}-`, c: fifteen };
		expect(redact(data, new Set([sixteen]))).toEqual({ ...data, a: '' });
		expect(redact(data, new Set([fifteen]))).toEqual({ ...data, c: '' });
	});

	it('does not take a short secret for one wherever its letters stand', () => {
		expect(redact({ a: 'seven', b: 'even' }, new Set(['even']))).toEqual({ a: 'seven', b: '' });
	});

	it('lets no secret key through at any depth', () => {
		const key = fc.constantFrom(...secretKeys);
		const withKey = key.chain((name) => planted(anyTree, (text): PayloadValue => ({ [name]: text }), 'planted-value'));
		fc.assert(
			fc.property(withKey, (tree) => {
				expect(JSON.stringify(redact(tree, new Set()))).not.toContain('planted-value');
			}),
		);
	});

	it('lets no secret value through at any depth, whatever stands around it', () => {
		const around = fc.tuple(fc.string(), fc.string(), fc.boolean());
		const withValue = around.chain(([before, after, asKey]) =>
			planted(
				anyTree,
				(text): PayloadValue => (asKey ? { [`${before}${text}${after}`]: 'v' } : `${before}${text}${after}`),
				token,
			),
		);
		fc.assert(
			fc.property(withValue, (tree) => {
				expect(JSON.stringify(redact(tree, known))).not.toContain(token);
			}),
		);
	});
});

describe('secretsOf', () => {
	it("names the delivery's three tokens, those that are there", () => {
		const { applicationToken: application, eventAccessToken: access, eventRefreshToken: refresh } = secrets;
		const auth = { ['access_token']: access, ['refresh_token']: refresh, ['application_token']: application };
		expect(secretsOf(auth)).toEqual(new Set([access, refresh, application]));
		expect(secretsOf({})).toEqual(new Set());
	});
});
