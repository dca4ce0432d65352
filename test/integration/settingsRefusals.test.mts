import { refusalOf } from './support/refusalOf.mjs';
import { refusedActivation } from './support/refusedActivation.mjs';
import { type TriggerOptions, useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

describe('the credential', () => {
	test.each<[string, RegExp, TriggerOptions]>([
		['that nobody chose', /missing.*choose a Bitrix24 OAuth2 API credential/, { oAuth2: null }],
		[
			'whose portal URL is no address',
			/portal URL.*is not an address.*https:\/\/your-company\.bitrix24\.com/,
			{ oAuth2: { portalUrl: 'our Bitrix24' } },
		],
		[
			'of an outgoing webhook without a token',
			/no application token.*Copy it from the outgoing webhook's settings/,
			{
				parameters: { authentication: 'outgoingWebhook' },
				oAuth2: null,
				outgoingWebhook: { applicationToken: ' , ' },
			},
		],
	])('%s: what to do', async (_what, words, options) => {
		expect(await refusedActivation(openTrigger, options)).toMatch(words);
	});

	test('that is not connected: to connect it', async () => {
		const message = await refusedActivation(openTrigger, {}, async ({ n8n }) => {
			await n8n.credentials.change('bitrix24OAuth2Api', { oauthTokenData: {} });
		});
		expect(message).toMatch(/not connected yet.*"Connect my account"/);
	});
});

describe('the webhook URL', () => {
	test.each(['http://localhost:5678', 'https://n8n', 'ftp://n8n.example.com'])(
		'%s: how to give n8n another one',
		async (baseUrl) => {
			const message = await refusedActivation(openTrigger, {}, ({ n8n }) => void (n8n.baseUrl = baseUrl));
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
		const message = await refusedActivation(openTrigger, {}, ({ portal }) => {
			portal.faults.next('event.bind', { status: 400, error: 'ERROR_WRONG_HANDLER_URL' });
		});
		expect(message).toMatch(/does not accept.*webhook URL.*WEBHOOK_URL/);
	});
});

describe('the events', () => {
	test.each([
		['the nearest that it knows', [], 'oncrmleaddelet', /does not know ONCRMLEADDELET\b.*knows: ONCRMLEADDELETE/],
		['that none is bound', ['ONCRMLEADDELETE'], 'ONSOMETHINGELSE', /does not know ONSOMETHINGELSE/],
	])('of which the portal does not know one: %s', async (_what, events, other, words) => {
		const parameters = { events, otherEvents: [other] };
		expect(await refusedActivation(openTrigger, { parameters })).toMatch(words);
	});

	test.each(['oAuth2', 'outgoingWebhook'])(
		'of which none is selected (%s): where to choose',
		async (authentication) => {
			const parameters = { authentication, events: [], otherEvents: [] };
			const message = await refusedActivation(openTrigger, { parameters, outgoingWebhook: { applicationToken: 'x' } });
			expect(message).toMatch(/No event is selected.*"Trigger On"/);
		},
	);
});

test.each([
	['oAuth2', 'soon'],
	['outgoingWebhook', -1],
])('a maximum age that is no number of minutes (%s): what to enter', async (authentication, maxAgeMinutes) => {
	const parameters = { authentication, options: { maxAgeMinutes } };
	const message = await refusedActivation(openTrigger, { parameters, outgoingWebhook: { applicationToken: 'x' } });
	expect(message).toMatch(/"Maximum Age \(Minutes\)" is not a number.*0 to accept deliveries of any age/);
});
