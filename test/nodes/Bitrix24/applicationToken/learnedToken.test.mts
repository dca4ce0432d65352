import fc from 'fast-check';

import {
	hashOf,
	isSameSecret,
	readLearnedToken,
	storeLearnedToken,
} from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const read = parseConnection(connectedApp);
if (!read.ok) throw new Error('The test is not connected');
const { connection } = read;
const token = { hash: '0123456789abcdef'.repeat(4), taughtAt: 1_742_807_199_000 };

describe('a learned token', () => {
	it('is read as it was stored', () => {
		const staticData = { other: 'x' };
		storeLearnedToken(staticData, connection, token);
		expect(readLearnedToken(staticData, connection)).toEqual(token);
		expect(staticData.other).toBe('x');
	});

	it('takes the place of an earlier one', () => {
		const staticData = {};
		storeLearnedToken(staticData, connection, token);
		const later = { hash: 'f'.repeat(64), taughtAt: token.taughtAt + 1 };
		storeLearnedToken(staticData, connection, later);
		expect(readLearnedToken(staticData, connection)).toEqual(later);
	});

	it.each([{ clientId: 'local.other' }, { memberId: 'f'.repeat(32) }])('is none for %j', (changes) => {
		const staticData = {};
		storeLearnedToken(staticData, connection, token);
		expect(readLearnedToken(staticData, { ...connection, ...changes })).toBeNull();
	});

	it('holds for a renewed client secret and a moved portal', () => {
		const staticData = {};
		storeLearnedToken(staticData, connection, token);
		const moved = { ...connection, clientSecret: 'new', origin: 'https://new.bitrix24.com' };
		expect(readLearnedToken(staticData, moved)).toEqual(token);
	});

	const stored = { ...token, clientId: connection.clientId, memberId: connection.memberId };
	it.each([
		['nothing', undefined],
		['a text', token.hash],
		['no hash', { ...stored, hash: undefined }],
		['a hash that is too short', { ...stored, hash: token.hash.slice(1) }],
		['a hash that is too long', { ...stored, hash: `${token.hash}0` }],
		['a hash that is none', { ...stored, hash: 'x'.repeat(64) }],
		['no time', { ...stored, taughtAt: undefined }],
		['no app', { ...stored, clientId: undefined }],
		['no portal', { ...stored, memberId: undefined }],
	])('is none where static data holds %s', (_name, applicationToken) => {
		expect(readLearnedToken({ applicationToken } as never, connection)).toBeNull();
	});
});

const secret = secrets.applicationToken;

describe('hashOf', () => {
	it('is SHA-256 in hexadecimal', () => {
		expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	});
});

describe('isSameSecret', () => {
	it('knows the secret by its hash', () => {
		expect(isSameSecret(secret, hashOf(secret))).toBe(true);
	});

	it.each([
		'',
		secret.toUpperCase(),
		secret.slice(1),
		`${secret}0`,
		`${secret} `,
		hashOf(secret),
		'x'.repeat(1_000_000),
	])('takes nothing else for it, of any length', (candidate) => {
		expect(isSameSecret(candidate, hashOf(secret))).toBe(false);
	});

	it('says that two texts are the same exactly when they are', () => {
		fc.assert(fc.property(fc.string(), fc.string(), (a, b) => isSameSecret(a, hashOf(b)) === (a === b)));
	});
});
