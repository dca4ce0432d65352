import { findMismatch } from '../../../../nodes/Bitrix24/connection/portalUrl.js';

const entered = { portal: 'https://a.bitrix24.com', authorizationServer: 'https://oauth.bitrix.info' };

describe('contradictionOf', () => {
	it.each([
		['the same', 'https://a.bitrix24.com/rest/', 'https://oauth.bitrix.info/rest/'],
		['the same host by another scheme', 'http://a.bitrix24.com/rest/', 'http://oauth.bitrix.info/rest/'],
		['nothing', undefined, undefined],
		['no addresses', 'a.bitrix24.com', ''],
	])('finds none where the token data name %s', (_name, portal, server) => {
		expect(findMismatch(entered, portal, server)).toBeNull();
	});

	it('finds that the account was connected on another portal, whatever its authorization server', () => {
		const contradiction = { about: 'portal', connected: 'https://b.bitrix24.com', entered: 'https://a.bitrix24.com' };
		expect(findMismatch(entered, 'https://b.bitrix24.com/rest/', undefined)).toEqual(contradiction);
		expect(findMismatch(entered, 'https://b.bitrix24.com/rest/', 'https://x.example/rest/')).toEqual(contradiction);
	});

	it('finds that another authorization server handed the access out', () => {
		expect(findMismatch(entered, 'https://a.bitrix24.com/rest/', 'https://oauth.bitrix24.tech/rest/')).toEqual({
			about: 'authorizationServer',
			connected: 'https://oauth.bitrix24.tech',
			entered: 'https://oauth.bitrix.info',
		});
	});

	it('asks nothing of an authorization server that is no address', () => {
		const unclear = { ...entered, authorizationServer: null };
		expect(findMismatch(unclear, undefined, 'https://oauth.bitrix24.tech/rest/')).toBeNull();
	});
});
