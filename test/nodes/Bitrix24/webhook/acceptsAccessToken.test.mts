import { acceptsAccessToken } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal, ourApp, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const token = secrets.eventAccessToken;
const origin = 'https://some-domain.bitrix24.com';

function accepts(portal: SimulatedPortal, helpers = portal.helpers): Promise<boolean> {
	const { httpRequestWithAuthentication } = portal.helpers;
	const { httpRequest } = helpers;
	return acceptsAccessToken(portalBehind({ helpers: { httpRequest, httpRequestWithAuthentication } }), token);
}

const ours = { ID: ourApp.id, CODE: ourApp.code };

/** A portal that says of the token which app it belongs to. */
function portalWith(app: { [key: string]: string | number }): SimulatedPortal {
	const portal = simulatedPortal();
	const { httpRequest } = portal.helpers;
	portal.acceptToken(token);
	portal.helpers.httpRequest = async (options) => {
		await httpRequest(options);
		return result(app);
	};
	return portal;
}

describe('acceptsAccessToken', () => {
	afterEach(() => {
		jest.useRealTimers();
		jest.restoreAllMocks();
	});

	it('accepts a token that the portal accepts for this very app', async () => {
		const portal = simulatedPortal();
		portal.acceptToken(token);
		expect(await accepts(portal)).toBe(true);
		expect(portal.calls).toEqual([
			{ url: `${origin}/rest/app.info.json`, method: 'app.info', parameters: { auth: token } },
			{ url: `${origin}/rest/app.info.json`, method: 'app.info', parameters: {} },
		]);
	});

	it('accepts an app id that comes as a text', async () => {
		expect(await accepts(portalWith({ ...ours, ID: String(ours.ID) }))).toBe(true);
	});

	it('accepts the shortest id and code', async () => {
		const app = { ID: '7', CODE: 'a' };
		const portal = portalWith(app);
		const helpers = { ...portal.helpers };
		portal.helpers.httpRequestWithAuthentication = async () => result(app);
		expect(await accepts(portal, helpers)).toBe(true);
	});

	it.each([
		['of another app', { ID: '18', CODE: 'local.other' }],
		['of an app with another id', { ...ours, ID: '18' }],
		['of an app with another code', { ...ours, CODE: 'local.other' }],
		['of an app without a code', { ID: ours.ID }],
		['of an app with an empty code', { ...ours, CODE: '' }],
		['of an app with an empty id', { ...ours, ID: '' }],
		['of no app', {}],
	])('does not accept a token %s', async (_name, app) => {
		expect(await accepts(portalWith(app as never))).toBe(false);
	});

	it('does not accept a token that the portal does not know', async () => {
		const portal = simulatedPortal();
		expect(await accepts(portal)).toBe(false);
		expect(portal.calls).toHaveLength(1);
	});

	it.each([
		['denies app.info', refused(403, 'ACCESS_DENIED', 'Application context required')],
		['answers something else', result('x')],
	])('does not accept a token while the portal %s', async (_name, answer) => {
		const portal = simulatedPortal();
		portal.acceptToken(token);
		portal.answers.set('app.info', answer);
		expect(await accepts(portal)).toBe(false);
	});

	it('does not accept a token when the credential itself is refused', async () => {
		const portal = simulatedPortal();
		portal.acceptToken(token);
		const helpers = { ...portal.helpers };
		portal.helpers.httpRequestWithAuthentication = async () => refused(403, 'ACCESS_DENIED', '');
		expect(await accepts(portal, helpers)).toBe(false);
	});

	it('tries again, twice, when the portal does not answer', async () => {
		jest.useFakeTimers();
		const portal = simulatedPortal();
		portal.acceptToken(token);
		portal.answers.set('app.info', new Error('connect ECONNRESET'));
		const accepting = accepts(portal);
		await jest.advanceTimersByTimeAsync(1_500);
		expect(await accepting).toBe(false);
		expect(portal.calls).toHaveLength(3);
	});

	it('gives up after ten seconds', async () => {
		jest.useFakeTimers();
		fakeTimeouts();
		const signals: Array<AbortSignal | undefined> = [];
		const portal = simulatedPortal();
		void accepts(portal, {
			...portal.helpers,
			httpRequest: async ({ abortSignal }) => {
				signals.push(abortSignal as AbortSignal);
				return await new Promise(() => undefined);
			},
		});
		await jest.advanceTimersByTimeAsync(9_999);
		expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
		await jest.advanceTimersByTimeAsync(1);
		expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
	});
});
