import fc from 'fast-check';

import { hashOf, isSameSecret } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const token = secrets.applicationToken;

describe('hashOf', () => {
	it('is SHA-256 in hexadecimal', () => {
		expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	});
});

describe('isSameSecret', () => {
	it('knows the secret by its hash', () => {
		expect(isSameSecret(token, hashOf(token))).toBe(true);
	});

	it.each(['', token.toUpperCase(), token.slice(1), `${token}0`, `${token} `, hashOf(token), 'x'.repeat(1_000_000)])(
		'takes nothing else for it, of any length',
		(candidate) => {
			expect(isSameSecret(candidate, hashOf(token))).toBe(false);
		},
	);

	it('says that two texts are the same exactly when they are', () => {
		fc.assert(fc.property(fc.string(), fc.string(), (a, b) => isSameSecret(a, hashOf(b)) === (a === b)));
	});
});
