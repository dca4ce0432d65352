import fc from 'fast-check';

import { findMismatch, parsePortalUrl, usesWrongRegion } from '../../../../nodes/Bitrix24/connection/portalUrl.js';

describe('parsePortalUrl', () => {
	it.each([
		['https://your-company.bitrix24.com', 'https://your-company.bitrix24.com'],
		['  https://your-company.bitrix24.com/  ', 'https://your-company.bitrix24.com'],
		['your-company.bitrix24.com/crm/lead/list/?a=b#c', 'https://your-company.bitrix24.com'],
		['HTTPS://Your-Company.Bitrix24.com', 'https://your-company.bitrix24.com'],
		['http://127.0.0.1:8024/', 'http://127.0.0.1:8024'],
		['127.0.0.1:8024', 'https://127.0.0.1:8024'],
		['your-company.bitrix24.com/?back=https://elsewhere.example.com/', 'https://your-company.bitrix24.com'],
		['\thttp://portal.local\n', 'http://portal.local'],
	])('makes of %p the address %s', (typed, origin) => {
		expect(parsePortalUrl(typed)).toBe(origin);
	});

	it.each(['', '   ', 'https://', 'http:///', 'not an address', 'https://a b', 'your-company.bitrix24.com:port'])(
		'finds no address in %p',
		(typed) => {
			expect(parsePortalUrl(typed)).toBeNull();
		},
	);

	it('finds an address with an umlaut however often it is asked', () => {
		const found = new Set(Array.from({ length: 20_000 }, () => parsePortalUrl('https://crm.bücher.example')));
		expect([...found]).toEqual(['https://crm.xn--bcher-kva.example']);
	});

	it('gives an http address without a path or nothing, and never throws, whatever was typed', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.domain()), (typed) => {
				const origin = parsePortalUrl(typed);
				expect(origin === null || new URL(origin).origin === origin).toBe(true);
			}),
		);
	});
});

describe('usesWrongRegion', () => {
	const worldwide = 'https://oauth.bitrix.info';

	it.each(['ru', 'by', 'kz', 'uz'])('finds a portal at bitrix24.%s that asks the worldwide server', (domain) => {
		expect(usesWrongRegion(`https://a.bitrix24.${domain}`, worldwide)).toBe(true);
		expect(usesWrongRegion(`https://a.bitrix24.${domain}:443`, null)).toBe(true);
	});

	it.each([
		['another server is named', 'https://a.bitrix24.ru', 'https://oauth.bitrix24.tech'],
		['the portal is elsewhere', 'https://a.bitrix24.com', worldwide],
		['the portal is self-hosted', 'https://bitrix.example.ru', worldwide],
		['the domain only begins alike', 'https://a.bitrix24.ru.example.com', worldwide],
	])('finds nothing where %s', (_name, portal, server) => {
		expect(usesWrongRegion(portal, server)).toBe(false);
	});
});

describe('findMismatch', () => {
	const entered = { portal: 'https://a.bitrix24.com', authorizationServer: 'https://oauth.bitrix.info' };

	it.each([
		['the same', 'https://a.bitrix24.com/rest/', 'https://oauth.bitrix.info/rest/'],
		[
			'the same host with a trailing dot and a port',
			'https://a.bitrix24.com.:443/rest/',
			'https://oauth.bitrix.info:443/',
		],
		['the same host by another scheme', 'http://a.bitrix24.com/rest/', 'http://oauth.bitrix.info/rest/'],
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
