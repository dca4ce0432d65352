import { redirectTarget } from '../../../../nodes/Bitrix24/api/client.js';

const called = 'https://old.bitrix24.com/rest/event.bind.json';

describe('nextAddress', () => {
	it.each([
		['https://new.bitrix24.com/rest/event.bind.json', 'https://new.bitrix24.com/rest/'],
		['https://new.bitrix24.com/rest/event.bind', 'https://new.bitrix24.com/rest/'],
		['https://new.bitrix24.com:8443/rest/event.bind.json', 'https://new.bitrix24.com:8443/rest/'],
		['https://new.bitrix24.com/rest/event.bind.json?a=b', 'https://new.bitrix24.com/rest/'],
	])('follows a renamed portal to %s', (location, base) => {
		expect(redirectTarget(called, location, 'event.bind')).toEqual({ url: location, base });
	});

	it('understands an address that names the path only', () => {
		expect(redirectTarget(called, '/rest/event.bind', 'event.bind')).toEqual({
			url: 'https://old.bitrix24.com/rest/event.bind',
			base: 'https://old.bitrix24.com/rest/',
		});
	});

	it.each([
		['nowhere', null],
		['what is no address', 'https://'],
		['another path', 'https://new.bitrix24.com/login/'],
		['a path around it', 'https://new.bitrix24.com/a/rest/event.bind.json'],
		['a path behind it', 'https://new.bitrix24.com/rest/event.bind.json/more'],
		['another method', 'https://new.bitrix24.com/rest/event.unbind.json'],
		['a method that only looks like it', 'https://new.bitrix24.com/rest/eventXbind.json'],
		['another format', 'https://new.bitrix24.com/rest/event.bindXjson'],
		['unencrypted http', 'http://new.bitrix24.com/rest/event.bind.json'],
		['another protocol', 'ftp://new.bitrix24.com/rest/event.bind.json'],
	])('does not carry the access token to %s', (_name, location) => {
		expect(redirectTarget(called, location, 'event.bind')).toBeNull();
	});

	it('goes from unencrypted http to either', () => {
		const from = 'http://127.0.0.1:8024/rest/profile.json';
		expect(redirectTarget(from, 'http://127.0.0.1:8025/rest/profile.json', 'profile')?.base).toBe(
			'http://127.0.0.1:8025/rest/',
		);
		expect(redirectTarget(from, 'https://new.example.com/rest/profile.json', 'profile')?.base).toBe(
			'https://new.example.com/rest/',
		);
	});

	it('goes to no other protocol from unencrypted http either', () => {
		const from = 'http://127.0.0.1:8024/rest/profile.json';
		expect(redirectTarget(from, 'ftp://new.example.com/rest/profile.json', 'profile')).toBeNull();
	});

	it('tells the parts of a longer method apart as well', () => {
		const offline = 'https://old.bitrix24.com/rest/event.offline.get.json';
		expect(
			redirectTarget(offline, 'https://new.bitrix24.com/rest/event.offlineXget.json', 'event.offline.get'),
		).toBeNull();
	});
});
