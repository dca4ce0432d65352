import { testOutgoingWebhook } from '../../../../nodes/Bitrix24/connection/outgoingWebhook.js';

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
		['nothing', undefined, 'holds no application token'],
		['no token', { applicationToken: ' , ' }, 'holds no application token'],
		['a portal URL that is none', { applicationToken: 'one', portalUrl: 'not an address' }, 'is not an address'],
	])('says what is wrong with %s', (_name, data, words) => {
		expect(test(data)).toEqual({ status: 'Error', message: expect.stringContaining(words) });
	});

	it('says when it can not be read at all', () => {
		const broken = {
			get applicationToken(): string {
				throw 'broken';
			},
		};
		expect(test(broken)).toEqual({ status: 'Error', message: 'The credential can not be read.' });
	});
});
