import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { parseOutgoingWebhook, testOutgoingWebhook } from '../../../../nodes/Bitrix24/connection/outgoingWebhook.js';

const [one, other] = ['51856fefc120afa4b628cc82d3935cce', 'aa856fefc120afa4b628cc82d3935caa'];

describe('parseOutgoingWebhook', () => {
	it.each([
		['one token', one, [one]],
		['commas and spaces', ` ${one} , ${other} ,`, [one, other]],
		['line breaks', `${one}\r\n${other}\n`, [one, other]],
	])('reads %s', (_name, applicationToken, tokens) => {
		expect(parseOutgoingWebhook({ applicationToken, portalUrl: '' })).toEqual({ tokens, host: null });
	});

	it.each([
		['no credential', undefined],
		['a credential of another type', { token: one }],
		['no token', { applicationToken: '', portalUrl: '' }],
		['a token that is no text', { applicationToken: [one] }],
	])('refuses %s', (_name, data) => {
		expect(() => parseOutgoingWebhook(data)).toThrow(
			new ActionableError(
				'The Bitrix24 Outgoing Webhook API credential holds no application token.',
				"Copy it from the outgoing webhook's settings in Bitrix24 (Developer resources > Common use cases > Other > Outbound webhook).",
			),
		);
	});

	it.each([
		['https://your-company.bitrix24.com/', 'your-company.bitrix24.com'],
		[' Your-Company.Bitrix24.com ', 'your-company.bitrix24.com'],
		['http://127.0.0.1:8024', '127.0.0.1:8024'],
		['', null],
		['   ', null],
		[undefined, null],
		[7, null],
	])('accepts of portal URL %p the host %p', (portalUrl, host) => {
		expect(parseOutgoingWebhook({ applicationToken: one, portalUrl }).host).toBe(host);
	});

	it('refuses a portal URL that is no address', () => {
		expect(() => parseOutgoingWebhook({ applicationToken: one, portalUrl: 'not an address' })).toThrow(
			new ActionableError(
				'The portal URL in the credential is not an address.',
				'Correct it, or leave it empty to accept any portal.',
			),
		);
	});
});

function test(data: object | undefined) {
	return testOutgoingWebhook({ id: '1', name: 'x', type: 'bitrix24OutgoingWebhookApi', data } as never);
}

describe('testOutgoingWebhook', () => {
	it.each([
		['one', 'One application token saved. Only a delivery from Bitrix24 can show whether it is right.'],
		['one, two', '2 application tokens saved. Only a delivery from Bitrix24 can show whether it is right.'],
		['a\nb\nc', '3 application tokens saved. Only a delivery from Bitrix24 can show whether it is right.'],
	])('tells for %j what can truthfully be told', (applicationToken, message) => {
		expect(test({ applicationToken, portalUrl: '' })).toEqual({ status: 'OK', message });
	});

	it.each([
		['no token', { applicationToken: ' , ' }, 'holds no application token'],
		['a portal URL that is none', { applicationToken: 'one', portalUrl: 'not an address' }, 'is not an address'],
	])('says what is wrong with %s', (_name, data, words) => {
		expect(test(data)).toEqual({ status: 'Error', message: expect.stringContaining(words) });
	});

	it('says when it cannot be read at all', () => {
		const broken = {
			get applicationToken(): string {
				throw 'broken';
			},
		};
		expect(test(broken)).toEqual({ status: 'Error', message: 'The credential cannot be read.' });
	});
});
