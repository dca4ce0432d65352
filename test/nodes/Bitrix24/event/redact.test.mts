import fc from 'fast-check';

import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import { redact, redactLinks, secretsIn } from '../../../../nodes/Bitrix24/event/redact.js';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { anyTree, planted } from './payloads.mjs';

const token = secrets.applicationToken;
const known = new Set([token]);

const secretKeys = [
	...['access_token', 'refresh_token', 'application_token', 'client_secret', 'accessToken'],
	...['AUTH_ID', 'REFRESH_ID', 'APP_SID', 'TOKEN', 'auth'],
];

describe('redact', () => {
	it('leaves what is no secret as it is', () => {
		const data = {
			FIELDS: { ID: '7', TITLE: 'token', AUTHOR: 'Alice', reauth: 'no' },
			LIST: ['a', { expires: '1' }],
			DEEP: '%252525252541',
		};
		expect(redact(data, known)).toEqual(data);
	});

	it.each([...secretKeys, ...secretKeys.map((key) => key.toUpperCase())])('leaves out what is called %s', (key) => {
		expect(redact({ BOT: [{ [key]: 'x', BOT_ID: '567' }] }, known)).toEqual({ BOT: [{ BOT_ID: '567' }] });
	});

	const awkward = 'a+b/c=d e%41ä0123456789';
	const [once, ofLower] = [encodeURIComponent(awkward), encodeURIComponent(awkward).toLowerCase()];
	it.each([
		['in a link', `https://a.example/?auth=${token}`],
		['encoded', `https://a.example/?auth=${once}&x=1`],
		['encoded with small letters', ofLower],
		['encoded three times', encodeURIComponent(encodeURIComponent(once))],
		['encoded as a form', new URLSearchParams({ awkward }).toString()],
		['in a link within a link', `?back=${encodeURIComponent(`https://a.example/?auth=${once}`)}`],
		['without need to', `?auth=${[...token].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')}`],
		['beside a broken escape', `100%&auth=${once}`],
	])('empties a text that holds a token %s, and keeps its key', (_name, url) => {
		expect(redact({ url }, new Set([token, awkward]))).toEqual({ url: '' });
	});

	it.each([
		['a whole map that is called so', { access_token: { a: 'b' } }, {}],
		['lists that are called auth', { auth: ['x'], LIST: [{ AUTH: ['x', { domain: 'd' }] }] }, { LIST: [{}] }],
		['of auth the tokens', { BOT: { AUTH: { access_token: 'x', domain: 'd' } } }, { BOT: { AUTH: { domain: 'd' } } }],
	])('leaves out %s', (_name, data, shown) => {
		expect(redact(data, known)).toEqual(shown);
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

describe('secretsIn', () => {
	const [sixteen, fifteen] = ['0123456789abcdef', '123456789abcdef'];

	it.each(secretKeys)('finds what stands under %s, wherever that is', (key) => {
		expect(secretsIn({ data: [{ [key]: sixteen }], other: token })).toEqual(new Set([sixteen]));
	});

	it('finds everything within a map or a list that is called by the name of a token', () => {
		expect(secretsIn({ access_token: { a: [sixteen, token] } })).toEqual(new Set([sixteen, token]));
	});

	it('takes nothing for a secret that is too short to be told from other text', () => {
		expect(secretsIn({ TOKEN: fifteen, access_token: '7' })).toEqual(new Set());
	});

	it.each([undefined, null, false, 7, 'text', []])('finds none in %j', (value) => {
		expect(secretsIn(value)).toEqual(new Set());
	});
});

describe('redactLinks', () => {
	it.each([
		['first of several', `https://p/?auth=${token}&token=crm%7C9`, 'https://p/?token=crm%7C9'],
		['alone', `https://p/?auth=${token}`, 'https://p/?'],
		['last', `https://p/?x=1&auth=${token}#top`, 'https://p/?x=1&#top'],
		['between others', `https://p/?x=1&auth=${token}&y=2`, 'https://p/?x=1&y=2'],
		['twice', `https://p/?auth=${token}&auth=${token}&y=2`, 'https://p/?y=2'],
		['in capitals', `https://p/?AUTH=${token}`, 'https://p/?'],
		['in HTML', `<a href="https://p/?x=1&amp;auth=${token}&amp;y=2">`, '<a href="https://p/?x=1&amp;y=2">'],
		['after a semicolon', `https://p/?x=1;auth=${token};y=2`, 'https://p/?x=1;;y=2'],
		[
			'percent-encoded',
			`https://q/?to=https%3A%2F%2Fp%2F%3Fauth%3D${token}%26y%3D2&z=3`,
			'https://q/?to=https%3A%2F%2Fp%2F%3Fy%3D2&z=3',
		],
		['encoded twice', `https://q/?to=p%252F%253Fauth%253D${token}`, 'https://q/?to=p%252F%253F'],
		['in a sentence', `See https://p/?auth=${token} and call`, 'See https://p/? and call'],
	])('takes a token %s', (_, text, shown) => {
		expect(redactLinks({ a: [{ b: text }] })).toEqual({ a: [{ b: shown }] });
	});

	it('leaves what is no token in a link', () => {
		const record = { a: 'auth=1', b: 'https://p/?author=Ann&oauth=2', c: 3, d: null, e: true };
		expect(redactLinks(record)).toEqual(record);
	});

	it('lets no token through, however often it stands there', () => {
		const separators = ['?', '&', ';', '&amp;', '%3F', '%26', '%3b', '%253F', '%26amp%3B'];
		const part = fc.oneof(
			fc.string(),
			fc
				.tuple(fc.constantFrom(...separators), fc.constantFrom('=', '%3D', '%253d'))
				.map(([separator, equals]) => `${separator}auth${equals}${token}`),
		);
		fc.assert(
			fc.property(fc.array(part), (parts) => {
				expect(redactLinks(parts.join(''))).not.toContain(token);
			}),
		);
	});
});
