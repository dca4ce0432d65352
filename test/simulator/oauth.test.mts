import type { Simulator } from '../../simulator/index.mjs';
import { useSimulator } from './client.mjs';

const REDIRECT = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
// A clock that stands still: only `advance` moves it.
const portal = useSimulator({ app: { redirectUri: REDIRECT }, now: () => 1_750_000_000_000 });

const authorize = (sim: Simulator, query: Record<string, string> = {}) =>
	fetch(`${sim.portalUrl}/oauth/authorize/?${new URLSearchParams({ client_id: sim.app.clientId, ...query })}`, {
		redirect: 'manual',
	});

async function codeOf(sim: Simulator): Promise<string> {
	const response = await authorize(sim);
	return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function token(
	sim: Simulator,
	params: Record<string, string>,
	headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
	const { clientId: client_id, clientSecret: client_secret } = sim.app;
	const body = new URLSearchParams({ client_id, client_secret, ...params });
	const response = await fetch(`${sim.authorizationServer}/oauth/token/`, { method: 'POST', body, headers });
	return { status: response.status, body: Object(await response.json()) };
}

const exchange = async (sim: Simulator) => token(sim, { grant_type: 'authorization_code', code: await codeOf(sim) });

describe('/oauth/authorize/', () => {
	it('sends the browser to the address in the app card, whatever the query says', async () => {
		const { sim } = portal;
		const query = { state: 'a b&c', redirect_uri: 'https://elsewhere.example/', scope: 'task', response_type: 'token' };
		const response = await authorize(sim, query);
		const location = new URL(response.headers.get('location') ?? '');
		expect(response.status).toBe(302);
		expect(`${location.origin}${location.pathname}`).toBe(REDIRECT);
		expect(Object.fromEntries(location.searchParams)).toEqual({
			code: expect.stringMatching(/^\w{30,}$/),
			state: 'a b&c',
			domain: new URL(sim.portalUrl).host,
			member_id: sim.memberId,
			scope: 'crm,task,user_brief',
			server_domain: new URL(sim.authorizationServer).host,
		});
	});

	it('shows an error page for a client that it does not know', async () => {
		const response = await authorize(portal.sim, { client_id: 'local.unknown' });
		expect(response.status).toBe(400);
		expect(await response.text()).toContain('Application not found');
	});

	it('says that the handler path is missing in the app card', async () => {
		portal.sim.app.redirectUri = '';
		const response = await authorize(portal.sim);
		expect(response.status).toBe(400);
		expect(await response.text()).toContain('handler path is missing');
	});

	it('asks first when it is told to, and goes on from the link of its page', async () => {
		portal.sim.consentPage = true;
		const page = await (await authorize(portal.sim, { state: 'x"y' })).text();
		const link = /href="([^"]+)"/.exec(page.slice(page.indexOf('Allow access?')))?.[1]?.replaceAll('&amp;', '&');
		const response = await fetch(new URL(link ?? '', portal.sim.portalUrl), { redirect: 'manual' });
		expect(new URL(response.headers.get('location') ?? '').searchParams.get('state')).toBe('x"y');
	});
});

describe('/oauth/token/', () => {
	it('gives tokens for a code, in exactly the documented form', async () => {
		const { sim } = portal;
		const { status, body } = await exchange(sim);
		expect(status).toBe(200);
		expect(body).toEqual({
			access_token: expect.stringMatching(/^\w{30,}$/),
			refresh_token: expect.stringMatching(/^\w{30,}$/),
			expires: expect.any(Number),
			expires_in: 3600,
			client_endpoint: `${sim.portalUrl}/rest/`,
			server_endpoint: `${sim.authorizationServer}/rest/`,
			domain: new URL(sim.authorizationServer).host,
			member_id: sim.memberId,
			scope: 'app',
			status: 'L',
			user_id: 1,
		});
	});

	it.each([
		[29_999, 200],
		[30_000, 400],
	])('after %i ms answers a code with %i', async (age, status) => {
		const code = await codeOf(portal.sim);
		portal.sim.advance(age);
		expect((await token(portal.sim, { grant_type: 'authorization_code', code })).status).toBe(status);
	});

	it('replaces the refresh token at every renewal', async () => {
		const { sim } = portal;
		const first = String((await exchange(sim)).body.refresh_token);
		const renewed = await token(sim, { grant_type: 'refresh_token', refresh_token: first });
		expect([renewed.status, renewed.body.refresh_token === first]).toEqual([200, false]);
		const again = await token(sim, { grant_type: 'refresh_token', refresh_token: first });
		expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
	});

	it('does not understand a Basic header', async () => {
		const { sim } = portal;
		const basic = Buffer.from(`${sim.app.clientId}:${sim.app.clientSecret}`).toString('base64');
		const params = { grant_type: 'authorization_code', code: await codeOf(sim), client_id: '', client_secret: '' };
		const { status, body } = await token(sim, params, { Authorization: `Basic ${basic}` });
		expect([status, body.error]).toEqual([401, 'invalid_client']);
	});
});
