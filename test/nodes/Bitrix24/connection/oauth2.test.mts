import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { connectedApp } from '../../../fakes/credentials.mjs';

const token = connectedApp.oauthTokenData;
const read = (changes: object) => parseConnection({ ...connectedApp, ...changes });
const readToken = (changes: object) => read({ oauthTokenData: { ...token, ...changes } });

describe('parseConnection', () => {
	it('reads a connected app', () => {
		expect(parseConnection(connectedApp)).toMatchObject({
			ok: true,
			connection: {
				origin: 'https://some-domain.bitrix24.com',
				clientId: 'local.5c8bb1b0917420.46123472',
				clientSecret: 'client-secret-of-the-app-on-its-card',
				applicationToken: null,
				memberId: 'a223c6b3710f85df22e9377d6c4f7553',
				scope: ['crm', 'tasks'],
				endpoint: 'https://some-domain.bitrix24.com/rest/',
				status: 'L',
			},
		});
	});

	it.each([
		['spaces', '  token  ', 'token'],
		['nothing', undefined, null],
		['only spaces', '  ', null],
	])('reads an application token with %s', (_name, applicationToken, expected) => {
		expect(read({ applicationToken })).toMatchObject({ connection: { applicationToken: expected } });
	});

	it('forgives spaces around client ID and secret', () => {
		expect(read({ clientId: ' id ', clientSecret: ' secret\n' })).toMatchObject({
			connection: { clientId: 'id', clientSecret: 'secret' },
		});
	});

	it.each([
		['commas', 'crm,task', ['crm', 'task']],
		['spaces', 'crm task', ['crm', 'task']],
		['nothing', '', []],
		['no scope', undefined, []],
	])('reads a scope with %s', (_name, scope, expected) => {
		expect(readToken({ scope })).toMatchObject({ connection: { scope: expected } });
	});

	it.each([
		['app', 'crm,task', ['crm', 'task']],
		[' APP ', 'crm', ['crm']],
		['app', undefined, []],
		[undefined, 'crm', ['crm']],
		['task', 'crm', ['task']],
		['app,crm', 'task', ['app', 'crm']],
	])('knows the permissions of a token for %p from the redirect (%p)', (scope, inRedirect, expected) => {
		expect(readToken({ scope, callbackQueryString: { scope: inRedirect } })).toMatchObject({
			connection: { scope: expected },
		});
	});

	it('takes the member id of the redirect where the token answer has none', () => {
		const changes = { member_id: undefined, callbackQueryString: { member_id: 'from-redirect', domain: 'x' } };
		expect(readToken(changes)).toMatchObject({ connection: { memberId: 'from-redirect' } });
	});

	it.each([
		['as it says itself', { server_endpoint: 'https://oauth.bitrix24.tech/rest/' }, undefined],
		['else as the credential names it', { server_endpoint: undefined }, 'https://oauth.bitrix24.tech/'],
	])("names the authorization server's REST address, %s", (_name, tokenData, authorizationServer) => {
		const data = { ...connectedApp, authorizationServer, oauthTokenData: { ...token, ...tokenData } };
		expect(parseConnection(data)).toMatchObject({
			connection: { serverEndpoint: 'https://oauth.bitrix24.tech/rest/' },
		});
		const neither = {
			...connectedApp,
			authorizationServer: undefined,
			oauthTokenData: { ...token, server_endpoint: undefined },
		};
		expect(parseConnection(neither)).toMatchObject({
			connection: { serverEndpoint: 'https://oauth.bitrix.info/rest/' },
		});
	});

	it.each([
		['is no credential', undefined],
		['has no client ID', { ...connectedApp, clientId: ' ' }],
		['has no client secret', { ...connectedApp, clientSecret: '' }],
		['was never connected', { ...connectedApp, oauthTokenData: undefined }],
		['has no member id', { ...connectedApp, oauthTokenData: { ...token, member_id: undefined } }],
		[
			'has a redirect of another kind only',
			{ ...connectedApp, oauthTokenData: { ...token, member_id: 7, callbackQueryString: 'x' } },
		],
	])('says that the account is not connected when it %s', (_name, data) => {
		expect(parseConnection(data)).toEqual({ ok: false, missing: 'notConnected' });
	});

	it('says that a portal in the CIS that was never connected has another authorization server', () => {
		const portal = { portalUrl: 'a.bitrix24.ru', oauthTokenData: undefined };
		expect(read(portal)).toEqual({ ok: false, missing: 'notConnectedInCis' });
		// One that names no authorization server asks the worldwide one.
		expect(read({ ...portal, authorizationServer: undefined })).toEqual({ ok: false, missing: 'notConnectedInCis' });
		expect(read({ ...portal, authorizationServer: ' oauth.bitrix24.tech/ ' })).toEqual({
			ok: false,
			missing: 'notConnected',
		});
	});

	it('finds what the credential says in one place and denies in another', () => {
		expect(read({ portalUrl: 'b.bitrix24.com' })).toMatchObject({ connection: { mismatch: { about: 'portal' } } });
		expect(readToken({ server_endpoint: 'https://oauth.bitrix24.tech/rest/' })).toMatchObject({
			connection: { mismatch: { about: 'authorizationServer' } },
		});
		expect(parseConnection(connectedApp)).toMatchObject({ connection: { mismatch: null } });
	});

	it.each([undefined, '', 7, 'not an address'])('says that the portal URL %p is none', (portalUrl) => {
		expect(read({ portalUrl })).toEqual({ ok: false, missing: 'portalUrl' });
	});
});
