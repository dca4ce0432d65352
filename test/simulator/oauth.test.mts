import { useSimulator } from './client.mjs';

const REDIRECT = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
// A clock that stands still: only `advance` moves it.
const portal = useSimulator({ app: { redirectUri: REDIRECT }, now: () => 1_750_000_000_000 });

const authorize = (query: Record<string, string> = {}) => {
	const params = new URLSearchParams({ client_id: portal.sim.app.clientId, ...query });
	return fetch(`${portal.sim.portalUrl}/oauth/authorize/?${params}`, { redirect: 'manual' });
};

const targetOf = (response: Response): URL => new URL(response.headers.get('location') ?? '');

const newCode = async () => targetOf(await authorize()).searchParams.get('code') ?? '';

type Answer = { status: number; body: Record<string, unknown> };

/** Asks for tokens, by a form or in the query, with the app's id and secret unless told otherwise. */
async function token(params: Record<string, string>, { headers = {}, method = 'POST' } = {}): Promise<Answer> {
	const { clientId: client_id, clientSecret: client_secret } = portal.sim.app;
	const form = new URLSearchParams({ client_id, client_secret, ...params });
	const url = `${portal.sim.authorizationServer}/oauth/token/`;
	const response = await (method === 'GET' ? fetch(`${url}?${form}`) : fetch(url, { method, body: form, headers }));
	return { status: response.status, body: Object(await response.json()) };
}

const redeem = (code: string): Promise<Answer> => token({ grant_type: 'authorization_code', code });
const renew = (refresh_token: string): Promise<Answer> => token({ grant_type: 'refresh_token', refresh_token });
const refusal = (status: number, error: string) => ({ status, body: expect.objectContaining({ error }) });

describe('/oauth/authorize/', () => {
	it('sends the browser to the address in the app card, whatever the query says', async () => {
		const { sim } = portal;
		const query = { state: 'a b&c', redirect_uri: 'https://elsewhere.example/', scope: 'task', response_type: 'token' };
		const response = await authorize(query);
		const { origin, pathname, searchParams } = targetOf(response);
		expect([response.status, `${origin}${pathname}`]).toEqual([302, REDIRECT]);
		expect(Object.fromEntries(searchParams)).toEqual({
			code: expect.stringMatching(/^\w{30,}$/),
			state: 'a b&c',
			domain: new URL(sim.portalUrl).host,
			member_id: sim.memberId,
			scope: 'crm,task,user_brief',
			server_domain: new URL(sim.authorizationServer).host,
		});
	});

	it.each([
		['Application not found', { client_id: 'local.unknown' }, REDIRECT],
		['handler path is missing', {}, ''],
	])('says %s', async (reason, query, redirectUri) => {
		portal.sim.app.redirectUri = redirectUri;
		const response = await authorize(query);
		expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(reason)]);
	});

	it('asks first when it is told to, and goes on from the link of its page', async () => {
		portal.sim.consentPage = true;
		const page = await (await authorize({ state: 'x"y' })).text();
		const link = /href="([^"]+)"/.exec(page.slice(page.indexOf('Allow access?')))?.[1]?.replaceAll('&amp;', '&');
		const response = await fetch(new URL(link ?? '', portal.sim.portalUrl), { redirect: 'manual' });
		expect(targetOf(response).searchParams.get('state')).toBe('x"y');
	});
});

describe('/oauth/token/', () => {
	it('gives tokens for a code, once, in exactly the documented form, to the user who was logged in', async () => {
		const { sim } = portal;
		sim.currentUserId = 15;
		const code = await newCode();
		expect(await redeem(code)).toEqual({
			status: 200,
			body: {
				access_token: expect.stringMatching(/^\w{30,}$/),
				refresh_token: expect.stringMatching(/^\w{30,}$/),
				expires: 1_750_003_600,
				expires_in: 3600,
				client_endpoint: `${sim.portalUrl}/rest/`,
				server_endpoint: `${sim.authorizationServer}/rest/`,
				domain: new URL(sim.authorizationServer).host,
				member_id: sim.memberId,
				scope: 'app',
				status: 'L',
				user_id: 15,
			},
		});
		expect(await redeem(code)).toEqual(refusal(400, 'invalid_grant'));
	});

	it('answers a GET as well', async () => {
		const params = { grant_type: 'authorization_code', code: await newCode() };
		expect((await token(params, { method: 'GET' })).status).toBe(200);
	});

	it.each([
		[29_999, 200],
		[30_000, 400],
	])('after %i ms answers a code with %i', async (age, status) => {
		const code = await newCode();
		portal.sim.advance(age);
		expect((await redeem(code)).status).toBe(status);
	});

	it('replaces the refresh token at every renewal, until they are revoked', async () => {
		const { refreshToken } = portal.sim.issueTokens();
		const renewed = await renew(refreshToken);
		expect(renewed.status).toBe(200);
		expect(await renew(refreshToken)).toEqual(refusal(400, 'invalid_grant'));
		portal.sim.revokeRefreshTokens();
		expect(await renew(String(renewed.body.refresh_token))).toEqual(refusal(400, 'invalid_grant'));
	});

	it('understands neither a Basic header nor another grant type', async () => {
		const { clientId, clientSecret } = portal.sim.app;
		const headers = { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
		const params = { grant_type: 'authorization_code', code: await newCode(), client_id: '', client_secret: '' };
		expect(await token(params, { headers })).toEqual(refusal(401, 'invalid_client'));
		expect(await token({ grant_type: 'password' })).toEqual(refusal(400, 'invalid_request'));
	});
});
