import { portalInProcess } from '../../simulator/index.mjs';

const url = 'https://some-domain.bitrix24.com/rest/profile.json';

it('answers a token of its own, by the name of its user, and logs the call', async () => {
	const portal = portalInProcess();
	const authorization = `Bearer ${portal.issueTokens().accessToken}`;
	expect(await portal.request({ url, authorization, params: {} })).toMatchObject({
		status: 200,
		body: { result: { ID: '1', NAME: 'Alice' } },
	});
	expect(portal.calls).toMatchObject([{ method: 'profile', userId: 1, status: 200 }]);
});

it('refuses a token of nobody', async () => {
	const answer = await portalInProcess().request({ url, params: { auth: 'x' } });
	expect(answer).toMatchObject({ status: 401, body: { error: 'NO_AUTH_FOUND' } });
});

it('leaves a request without an answer where a fault says so', async () => {
	const portal = portalInProcess();
	portal.faults.next('profile', 'reset');
	await expect(portal.request({ url, params: {} })).rejects.toThrow('ECONNRESET');
	portal.faults.next('profile', 'timeout');
	await expect(portal.request({ url, params: {} })).rejects.toThrow('ETIMEDOUT');
	portal.faults.next('profile', 'html');
	expect(await portal.request({ url, params: {} })).toMatchObject({ body: expect.stringContaining('<h1>') });
});
