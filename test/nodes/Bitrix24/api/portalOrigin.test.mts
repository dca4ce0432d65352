import fc from 'fast-check';

import { parsePortalUrl } from '../../../../nodes/Bitrix24/connection/portalUrl.js';

describe('portalOrigin', () => {
	it.each([
		['https://your-company.bitrix24.com', 'https://your-company.bitrix24.com'],
		['your-company.bitrix24.com', 'https://your-company.bitrix24.com'],
		['  https://your-company.bitrix24.com/  ', 'https://your-company.bitrix24.com'],
		['your-company.bitrix24.com/crm/lead/list/?a=b#c', 'https://your-company.bitrix24.com'],
		['https://your-company.bitrix24.com?IFRAME=Y', 'https://your-company.bitrix24.com'],
		['HTTPS://Your-Company.Bitrix24.com', 'https://your-company.bitrix24.com'],
		['http://127.0.0.1:8024/', 'http://127.0.0.1:8024'],
		['127.0.0.1:8024', 'https://127.0.0.1:8024'],
		['http://portal.local', 'http://portal.local'],
		['your-company.bitrix24.com/?back=https://elsewhere.example.com/', 'https://your-company.bitrix24.com'],
		['https://portal.local:8443/rest/', 'https://portal.local:8443'],
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

	it('keeps neither a name nor a password', () => {
		expect(parsePortalUrl('https://ada:secret@your-company.bitrix24.com/')).toBe('https://your-company.bitrix24.com');
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
