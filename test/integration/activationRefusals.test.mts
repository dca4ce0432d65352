import { createServer } from 'node:http';

import { startSimulator } from '../../simulator/index.mjs';
import { refusalOf } from './support/refusalOf.mjs';
import { useHurry } from './support/useHurry.mjs';
import { type TriggerOptions, useTrigger } from './support/useTrigger.mjs';

useHurry();
const openTrigger = useTrigger();

/** Activates, expects n8n to be refused with nothing left bound, and returns what the user reads. */
async function refusal(
	options: TriggerOptions = {},
	prepare: (world: Awaited<ReturnType<typeof openTrigger>>) => unknown = () => undefined,
): Promise<string> {
	const world = await openTrigger(options);
	await prepare(world);
	const message = await refusalOf(world.n8n.activate());
	await world.settled();
	expect(world.portal.handlers()).toEqual([]);
	expect(world.n8n.executions).toEqual([]);
	return message;
}

describe('the app', () => {
	test('that is not completely installed: how to complete it', async () => {
		const message = await refusal({ portal: { app: { installed: false } } });
		expect(message).toMatch(/installation.*not complete/);
		expect(message).toContain('"Uses API only"');
		expect(message).toContain('BX24.installFinish');
	});

	test('that lacks the permission for an event: which one, and where to grant it', async () => {
		const message = await refusal({ portal: { app: { scope: ['task'] } } });
		expect(message).toMatch(/ONCRMLEADDELETE.*lacks the permission "crm"/);
		expect(message).toMatch(/add the permission.*connect the credential again/);
	});

	test('that lost a permission on the portal meanwhile: where to grant it', async () => {
		const message = await refusal({}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 403, error: 'insufficient_scope' });
		});
		expect(message).toMatch(/lacks a permission.*add the permission/);
	});
});

describe('the person who connected it', () => {
	test('without administrator rights: that an administrator has to', async () => {
		const message = await refusal({ userId: 15 });
		expect(message).toMatch(/not an administrator.*administrator.*"Connect my account"/);
	});

	test.each([
		['user_access_error', /may not use this Bitrix24 app.*administrator/],
		['INVALID_CREDENTIALS', /lacks the rights.*administrator/],
		['ACCESS_DENIED', /denied access.*administrator/],
	])('%s: whom to ask', async (error, words) => {
		const message = await refusal({}, ({ portal }) => portal.faults.next('app.info', { status: 403, error }));
		expect(message).toMatch(words);
	});

	test('whose access was revoked: to connect again', async () => {
		const message = await refusal({}, ({ portal }) => {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		});
		expect(message).toMatch(/no longer accepts this connection.*"Connect my account" again/);
	});
});

describe('the portal', () => {
	test('whose plan has no REST: to upgrade the plan', async () => {
		const message = await refusal({ portal: { plan: { rest: false, offlineExtended: false, authConnector: false } } });
		expect(message).toMatch(/plan does not include the REST API.*commercial plan.*upgrade/);
	});

	test('that is another one than the credential was connected with: to enter the right portal URL', async () => {
		const another = await startSimulator();
		try {
			const message = await refusal({ oAuth2: { portalUrl: another.portalUrl } });
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
			const message = await refusal({ oAuth2: { portalUrl: `http://127.0.0.1:${port}` } });
			expect(message).toMatch(/not the Bitrix24 REST API.*Check the portal URL/);
		} finally {
			site.closeAllConnections();
			site.close();
		}
	});

	test('that nobody answers for: to check the portal URL', async () => {
		const message = await refusal({ oAuth2: { portalUrl: 'http://127.0.0.1:1' } });
		expect(message).toMatch(/did not answer.*Check the portal URL/);
	});

	test('that is busy for minutes: when to try again', async () => {
		const inSeconds = Math.floor(Date.now() / 1000) + 480;
		const message = await refusal({}, ({ portal }) => {
			portal.faults.next('event.bind', { operatingResetAt: inSeconds });
		});
		expect(message).toContain(`Try again after ${new Date(inSeconds * 1000).toISOString().slice(11, 16)} UTC`);
	});

	test('that never finds time: to try again later', async () => {
		const message = await refusal({}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 503, error: 'QUERY_LIMIT_EXCEEDED' }, 6);
		});
		expect(message).toMatch(/more requests.*than it allows.*try again/);
	});
});

describe('the credential', () => {
	test('that nobody chose: to choose one', async () => {
		expect(await refusal({ oAuth2: null })).toMatch(/missing.*choose a Bitrix24 OAuth2 API credential/);
	});

	test('that is not connected: to connect it', async () => {
		const message = await refusal({}, async ({ n8n }) => {
			await n8n.credentials.change('bitrix24OAuth2Api', { oauthTokenData: {} });
		});
		expect(message).toMatch(/not connected yet.*"Connect my account"/);
	});

	test('whose portal URL is no address: what one looks like', async () => {
		const message = await refusal({ oAuth2: { portalUrl: 'our Bitrix24' } });
		expect(message).toMatch(/portal URL.*is not an address.*https:\/\/your-company\.bitrix24\.com/);
	});

	test('of an outgoing webhook without a token: where to copy it from', async () => {
		const parameters = { authentication: 'outgoingWebhook' };
		const message = await refusal({ parameters, oAuth2: null, outgoingWebhook: { applicationToken: ' , ' } });
		expect(message).toMatch(/no application token.*Copy it from the outgoing webhook's settings/);
	});
});

describe('the webhook URL', () => {
	test.each(['http://localhost:5678', 'https://n8n', 'ftp://n8n.example.com'])(
		'%s: how to give n8n another one',
		async (baseUrl) => {
			const message = await refusal({}, ({ n8n }) => void (n8n.baseUrl = baseUrl));
			expect(message).toContain(baseUrl);
			expect(message).toContain('WEBHOOK_URL');
			expect(message).toContain('Bitrix24 Queue Trigger');
		},
	);

	test.each(['http://127.0.0.1:5678', 'https://192.168.1.5', 'https://10.0.0.7', 'https://n8n.local'])(
		'%s, where the portal is in the cloud: how to give n8n another one',
		async (baseUrl) => {
			const { n8n } = await openTrigger({ oAuth2: { portalUrl: 'https://your-company.bitrix24.com' } });
			n8n.baseUrl = baseUrl;
			// Not by `activate`, which would clean up on the portal of that name afterwards.
			const message = await refusalOf(n8n.hook('create'));
			expect(message).toContain(baseUrl);
			expect(message).toContain('WEBHOOK_URL');
		},
	);

	test('that the portal itself does not accept: how to give n8n another one', async () => {
		const message = await refusal({}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 400, error: 'ERROR_WRONG_HANDLER_URL' });
		});
		expect(message).toMatch(/does not accept.*webhook URL.*WEBHOOK_URL/);
	});
});

describe('the events', () => {
	test('of which the portal does not know one: the nearest that it knows', async () => {
		const message = await refusal({ parameters: { events: [], otherEvents: ['oncrmleaddelet'] } });
		expect(message).toMatch(/does not know ONCRMLEADDELET\b.*knows: ONCRMLEADDELETE/);
	});

	test('of which only one is unknown: that none is bound', async () => {
		const parameters = { events: ['ONCRMLEADDELETE'], otherEvents: ['ONSOMETHINGELSE'] };
		expect(await refusal({ parameters })).toMatch(/does not know ONSOMETHINGELSE/);
	});

	test.each(['oAuth2', 'outgoingWebhook'])(
		'of which none is selected (%s): where to choose',
		async (authentication) => {
			const parameters = { authentication, events: [], otherEvents: [] };
			const message = await refusal({ parameters, outgoingWebhook: { applicationToken: 'x' } });
			expect(message).toMatch(/No event is selected.*"Trigger On"/);
		},
	);
});
