import fc from 'fast-check';

import { Bitrix24OAuth2Api } from '../../credentials/Bitrix24OAuth2Api.credentials.js';
import { parsePortalUrl } from '../../nodes/Bitrix24/connection/portalUrl.js';
import { evaluated, formValues } from '../fakes/formValues.mjs';

const credential = new Bitrix24OAuth2Api();
const field = (name: string) => credential.properties.find((property) => property.name === name);

/** The credential as n8n uses it, from what the user typed. */
const filled = (typed: { portalUrl?: string; authorizationServer?: string }) =>
	evaluated(formValues(credential.properties, typed));

describe('Bitrix24OAuth2Api', () => {
	it('needs nothing but the portal and what the card of the app says', () => {
		const required = credential.properties.filter((property) => property.required).map(({ name }) => name);
		expect(required).toEqual(['portalUrl', 'authorizationServer', 'clientId', 'clientSecret']);
		expect(formValues(credential.properties, {})).toMatchObject({
			portalUrl: '',
			authorizationServer: 'https://oauth.bitrix.info',
			clientId: '',
			clientSecret: '',
			applicationToken: '',
		});
	});

	it.each(['clientSecret', 'applicationToken'])('hides the %s', (name) => {
		expect(field(name)?.typeOptions).toMatchObject({ password: true });
	});

	it('lets n8n do the rest as Bitrix24 documents it, without asking', () => {
		const hidden = credential.properties.filter(({ type }) => type === 'hidden').map(({ name }) => name);
		expect(hidden).toEqual([
			...['grantType', 'authUrl', 'accessTokenUrl', 'scope', 'authQueryParameters', 'authentication'],
		]);
		expect(filled({ portalUrl: 'https://your-company.bitrix24.com' })).toMatchObject({
			grantType: 'authorizationCode',
			authUrl: 'https://your-company.bitrix24.com/oauth/authorize/',
			accessTokenUrl: 'https://oauth.bitrix.info/oauth/token/',
			scope: '',
			authQueryParameters: '',
			authentication: 'body',
		});
	});

	it('connects to the very portal that the nodes call, whatever was typed', () => {
		const path = fc.constantFrom('', '/', '/crm/', '/crm/lead/list/?a=b', '?IFRAME=Y', '#top');
		const host = fc.oneof(
			fc.domain(),
			fc.ipV4(),
			fc.tuple(fc.domain(), fc.nat(65_535)).map((parts) => parts.join(':')),
		);
		const scheme = fc.constantFrom('', 'http://', 'https://', 'HTTPS://', 'Http://');
		const space = fc.constantFrom('', ' ', '\t', '  ');
		const typed = fc.tuple(space, scheme, host, path, space).map((parts) => parts.join(''));
		fc.assert(
			fc.property(typed, (portalUrl) => {
				const { origin, pathname, search } = new URL(String(filled({ portalUrl }).authUrl));
				expect([origin, pathname, search]).toEqual([parsePortalUrl(portalUrl), '/oauth/authorize/', '']);
			}),
		);
	});

	it.each([
		['https://oauth.bitrix24.tech', 'https://oauth.bitrix24.tech/oauth/token/'],
		['http://127.0.0.1:8025/', 'http://127.0.0.1:8025/oauth/token/'],
		['  ', 'https://oauth.bitrix.info/oauth/token/'],
	])('fetches its token from %p', (authorizationServer, url) => {
		expect(filled({ portalUrl: 'a.b', authorizationServer }).accessTokenUrl).toBe(url);
	});

	it.each(['https://your-company.bitrix24.com/', ' your-company.bitrix24.com/crm/ '])(
		'is tested at the portal %p, whose answer tells when the app is not installed',
		(portalUrl) => {
			const { request, rules } = credential.test;
			expect(evaluated({ url: request.url ?? '' }, { portalUrl })).toEqual({
				url: 'https://your-company.bitrix24.com/rest/app.info.json',
			});
			expect(request.method).toBe('POST');
			expect(rules).toEqual([
				{
					type: 'responseSuccessBody',
					properties: { key: 'result.INSTALLED', value: false, message: expect.stringMatching(/not complete/) },
				},
			]);
		},
	);
});
