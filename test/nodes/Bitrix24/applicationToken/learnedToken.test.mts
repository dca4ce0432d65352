import fc from 'fast-check';

import {
	forgetLearnedToken,
	hashOf,
	isSameSecret,
	readLearnedToken,
	storeLearnedToken,
} from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const app = { clientId: connectedApp.clientId, memberId: connectedApp.oauthTokenData.member_id };
const token = {
	hash: '0123456789abcdef'.repeat(4),
	taughtAt: 1_742_807_199_000,
	...app,
	credentialId: 'credential-1',
	restEndpoint: 'https://some-domain.bitrix24.com/rest/',
	serverEndpoint: 'https://oauth.bitrix.info/rest/',
};

describe('a learned token', () => {
	it('is read as it was stored, in the place of an earlier one, until it is forgotten', () => {
		const staticData = { other: 'x' };
		storeLearnedToken(staticData, { ...token, hash: 'f'.repeat(64) });
		storeLearnedToken(staticData, token);
		expect(readLearnedToken(staticData)).toEqual(token);
		forgetLearnedToken(staticData);
		expect([readLearnedToken(staticData), staticData]).toEqual([null, { other: 'x' }]);
	});

	it('is not deleted where there is none: n8n would save the data of the whole workflow', () => {
		const deleted: unknown[] = [];
		forgetLearnedToken(new Proxy({}, { deleteProperty: (_target, key) => deleted.push(key) > 0 }));
		expect(deleted).toEqual([]);
	});

	it('counts as an earlier version stored it, for no credential and no address', () => {
		const { hash, taughtAt } = token;
		const read = readLearnedToken({ applicationToken: { hash, taughtAt, ...app } });
		expect(read).toEqual({ hash, taughtAt, ...app, credentialId: '', restEndpoint: '', serverEndpoint: '' });
	});

	it.each([
		['nothing', undefined],
		['a text', token.hash],
		['no hash', { ...token, hash: undefined }],
		['a hash that is too short', { ...token, hash: token.hash.slice(1) }],
		['a hash that is too long', { ...token, hash: `${token.hash}0` }],
		['a hash that is none', { ...token, hash: 'x'.repeat(64) }],
		['no time', { ...token, taughtAt: undefined }],
		['no app', { ...token, clientId: undefined }],
		['no portal', { ...token, memberId: undefined }],
	])('is none where static data holds %s', (_name, applicationToken) => {
		expect(readLearnedToken({ applicationToken } as never)).toBeNull();
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
