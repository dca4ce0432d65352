import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import { parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import { toRawItem } from '../../../../nodes/Bitrix24/event/webhookItem.js';
import { appAuth, formOf, leadDeleted } from '../../../fakes/delivery.mjs';
import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };

const { contactAdded } = deliveries;

function rawOf(body: string, isTest = false) {
	const event = parseEvent(parseForm(body) ?? {});
	if (event === null) throw new Error('The test delivers no event');
	return toRawItem(event, isTest);
}

describe('toRawItem', () => {
	it('gives a real delivery as Bitrix24 names it, all texts, without the tokens', () => {
		expect(rawOf(contactAdded.body)).toEqual({
			event: 'ONCRMCONTACTADD',
			event_handler_id: '58',
			data: { FIELDS: { ID: '134806' } },
			ts: '1727018926',
			auth: {
				domain: 'bitrix24-php-sdk-playground.bitrix24.com',
				member_id: contactAdded.memberId,
				client_endpoint: 'https://bitrix24-php-sdk-playground.bitrix24.com/rest/',
				server_endpoint: 'https://oauth.bitrix.info/rest/',
				scope: 'crm,placement,user_brief',
				status: 'L',
				expires: '1727022526',
				expires_in: '3600',
				user_id: '1',
			},
			isTest: false,
		});
	});

	it('has only the keys that were sent', () => {
		const payload = { event: 'ONCRMLEADDELETE', auth: { member_id: 'm', application_token: 'secret' } };
		const sent = { event: 'ONCRMLEADDELETE', auth: { member_id: 'm' }, isTest: false };
		expect(rawOf(formOf(payload))).toStrictEqual(sent);
	});

	it('shows nothing of auth that is not documented', () => {
		expect(rawOf(formOf(leadDeleted({ auth: { member_id: 'm', webhook_secret: 'x' } }))).auth).toEqual({
			member_id: 'm',
		});
	});

	it('leaves tokens out of the data of a bot event', () => {
		const data = { BOT: { '567': { BOT_ID: '567', AUTH: { access_token: 'x', domain: 'd' } } } };
		expect(rawOf(formOf(leadDeleted({ event: 'ONIMBOTMESSAGEADD', data }))).data).toEqual({
			BOT: { '567': { BOT_ID: '567', AUTH: { domain: 'd' } } },
		});
	});

	describe('where a token stands in a text beside the data', () => {
		const usual = rawOf(formOf(leadDeleted()));

		it.each(['event_handler_id', 'ts'])('empties %s', (key) => {
			const item = rawOf(formOf(leadDeleted({ [key]: appAuth.application_token })));
			expect(item).toEqual({ ...usual, [key]: '' });
		});

		it.each(['domain', 'server_endpoint', 'scope', 'expires', 'expires_in'])('leaves %s out of auth', (key) => {
			const item = rawOf(formOf(leadDeleted({ auth: { ...appAuth, [key]: `x.${appAuth.access_token}.y` } })));
			const shown = Object.entries(usual.auth).filter(([name]) => name !== key);
			expect(item.auth).toEqual(Object.fromEntries(shown));
		});
	});

	it('says when a test of the portal caused it', () => {
		expect(rawOf(contactAdded.body, true).isTest).toBe(true);
	});
});
