import { createServer } from 'node:http';

import { startSimulator } from '../../simulator/index.mjs';
import { refusedActivation } from './support/refusedActivation.mjs';
import { useHurry } from './support/useHurry.mjs';
import { useTrigger } from './support/useTrigger.mjs';

useHurry();
const openTrigger = useTrigger();

describe('the app', () => {
	test('that is not completely installed: how to complete it', async () => {
		const message = await refusedActivation(openTrigger, { portal: { app: { installed: false } } });
		expect(message).toMatch(/installation.*not complete/);
		expect(message).toContain('"Uses API only"');
		expect(message).toContain('BX24.installFinish');
	});

	test('that lacks the permission for an event: which one, and where to grant it', async () => {
		const message = await refusedActivation(openTrigger, { portal: { app: { scope: ['task'] } } });
		expect(message).toMatch(/ONCRMLEADDELETE.*lacks the permission "crm"/);
		expect(message).toMatch(/add the permission.*connect the credential again/);
	});

	test('that lost a permission on the portal meanwhile: where to grant it', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 403, error: 'insufficient_scope' });
		});
		expect(message).toMatch(/lacks a permission.*add the permission/);
	});
});

describe('the person who connected it', () => {
	test('without administrator rights: that an administrator has to', async () => {
		const message = await refusedActivation(openTrigger, { userId: 15 });
		expect(message).toMatch(/not an administrator.*administrator.*"Connect my account"/);
	});

	test.each([
		['user_access_error', /may not use this Bitrix24 app.*administrator/],
		['INVALID_CREDENTIALS', /lacks the rights.*administrator/],
		['ACCESS_DENIED', /denied access.*administrator/],
	])('%s: whom to ask', async (error, words) => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) =>
			portal.faults.next('app.info', { status: 403, error }),
		);
		expect(message).toMatch(words);
	});

	test('whose access was revoked: to connect again', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		});
		expect(message).toMatch(/no longer accepts this connection.*"Connect my account" again/);
	});

	test('whose connection was renewed without n8n hearing of it: to connect again', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.expireAccessTokens();
			portal.faults.next('oauth.token', 'reset', { when: 'after' });
		});
		expect(message).toMatch(/no longer accepts this connection.*"Connect my account" again/);
	});
});

describe('the portal', () => {
	test('that was deleted: to enter another', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('*', { status: 500, error: 'PORTAL_DELETED' }, 1e6);
		});
		expect(message).toMatch(/has been deleted.*another portal URL/);
	});

	test('that sends from one address to the next: to check the portal URL', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('app.info', { redirect: `${portal.portalUrl}/rest/app.info.json` }, 1e6);
		});
		expect(message).toMatch(/not the Bitrix24 REST API.*Check the portal URL/);
	});

	test.each(['app.info', 'events', 'event.get', 'event.bind', 'event.test'])(
		'whose answer to %s has an unknown form: which method it was',
		async (method) => {
			const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
				portal.faults.next(method, { body: { result: { something: 'else' } } }, 1e6);
			});
			expect(message).toContain(method);
		},
	);

	test('whose plan has no REST: to upgrade the plan', async () => {
		const message = await refusedActivation(openTrigger, {
			portal: { plan: { rest: false, offlineExtended: false, authConnector: false } },
		});
		expect(message).toMatch(/plan does not include the REST API.*commercial plan.*upgrade/);
	});

	test('that is another one than the credential was connected with: to enter the right portal URL', async () => {
		const another = await startSimulator();
		try {
			const message = await refusedActivation(openTrigger, { oAuth2: { portalUrl: another.portalUrl } });
			expect(message).toMatch(/portal URL names .*does not accept.*enter the URL of the portal that you mean/);
			expect(message).toContain(another.portalUrl);
			expect(another.handlers()).toEqual([]);
		} finally {
			await another.stop();
		}
	});

	test('that is some other web site: to check the portal URL', async () => {
		const site = createServer((_, response) => void response.end('<h1>Welcome</h1>'));
		await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
		const address = site.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		try {
			const message = await refusedActivation(openTrigger, { oAuth2: { portalUrl: `http://127.0.0.1:${port}` } });
			expect(message).toMatch(/not the Bitrix24 REST API.*Check the portal URL/);
		} finally {
			site.closeAllConnections();
			site.close();
		}
	});

	test('that nobody answers for: to check the portal URL', async () => {
		const message = await refusedActivation(openTrigger, { oAuth2: { portalUrl: 'http://127.0.0.1:1' } });
		expect(message).toMatch(/did not answer.*Check the portal URL/);
	});

	test('that is busy for minutes: when to try again', async () => {
		const inSeconds = Math.floor(Date.now() / 1000) + 480;
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('event.bind', { operatingResetAt: inSeconds });
		});
		expect(message).toContain(`Try again after ${new Date(inSeconds * 1000).toISOString().slice(11, 16)} UTC`);
	});

	test('that never finds time: to try again later', async () => {
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 503, error: 'QUERY_LIMIT_EXCEEDED' }, 6);
		});
		expect(message).toMatch(/more requests.*than it allows.*try again/);
	});
});
