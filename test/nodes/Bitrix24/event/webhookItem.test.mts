import fc from 'fast-check';

import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import { parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import type { EventItem } from '../../../../nodes/Bitrix24/event/webhookItem.js';
import { toItem, toRawItem } from '../../../../nodes/Bitrix24/event/webhookItem.js';
import { appAuth, formOf, leadDeleted, webhookAuth } from '../../../fakes/delivery.mjs';
import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import { anyTree, planted } from './payloads.mjs';

const { contactAdded, leadDeleted: seed } = deliveries;

function eventOf(body: string) {
	const event = parseEvent(parseForm(body) ?? {});
	if (event === null) throw new Error('The test delivers no event');
	return event;
}

const itemOf = (payload: { [key: string]: unknown }): EventItem => toItem(eventOf(formOf(payload)), false);

describe('toItem', () => {
	it("makes the item of the user's document", () => {
		expect(toItem(eventOf(seed.body), false)).toEqual({
			event: 'ONLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id: 1000983,
			leadId: 1000983,
			sentAt: '2025-03-24T09:06:39.000Z',
			portalDomain: 'some-domain.bitrix24.com',
			portalMemberId: 'a223c6b3710f85df22e9377d6c4f7553',
			portalEndpoint: 'https://some-domain.bitrix24.com/rest/',
			applicationStatus: 'local',
			userId: null,
			isTest: false,
		});
	});

	it('makes the item of a real delivery, without a lead id where there is no lead', () => {
		expect(toItem(eventOf(contactAdded.body), false)).toEqual({
			event: 'ONCRMCONTACTADD',
			entity: 'contact',
			action: 'add',
			id: 134806,
			sentAt: '2024-09-22T15:28:46.000Z',
			portalDomain: 'bitrix24-php-sdk-playground.bitrix24.com',
			portalMemberId: contactAdded.memberId,
			portalEndpoint: 'https://bitrix24-php-sdk-playground.bitrix24.com/rest/',
			applicationStatus: 'local',
			userId: 1,
			isTest: false,
		});
	});

	it.each([
		['nobody', undefined, null],
		['user 0', '0', null],
		['an empty user', '', null],
		['a user', '27', 27],
		['what is no number', '00', '00'],
	])('names %s', (_name, user, userId) => {
		expect(itemOf(leadDeleted({ auth: { ...appAuth, user_id: user } })).userId).toBe(userId);
	});

	it('has no application status and no user for an outgoing webhook', () => {
		expect(itemOf(leadDeleted({ auth: webhookAuth }))).toMatchObject({ applicationStatus: null, userId: null });
	});

	it('has null, and no missing key, where the payload has nothing', () => {
		expect(itemOf({ event: 'ONSOMETHINGNEW' })).toEqual({
			event: 'ONSOMETHINGNEW',
			entity: null,
			action: null,
			id: null,
			sentAt: null,
			portalDomain: null,
			portalMemberId: null,
			portalEndpoint: null,
			applicationStatus: null,
			userId: null,
			isTest: false,
		});
	});

	it('adds the whole data of an event that carries more than an id', () => {
		const data = { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } };
		expect(itemOf(leadDeleted({ event: 'ONCRMDYNAMICITEMADD', data }))).toMatchObject({ id: 7, data });
	});

	it('adds no data to an event that carries an id only', () => {
		expect(itemOf(leadDeleted())).not.toHaveProperty('data');
	});

	it('holds none of the tokens, wherever in the data they stand, simplified or raw', () => {
		const tokens = [secrets.applicationToken, secrets.eventAccessToken, secrets.eventRefreshToken];
		const data = fc.constantFrom(...tokens).chain((token) =>
			fc.oneof(
				planted(anyTree, (text) => text, token),
				fc.constantFrom<PayloadValue[]>(
					{ FIELDS: { ID: token } },
					{ ID: token },
					{ FIELDS: { [token]: 'v', ID: '7' } },
				),
			),
		);
		fc.assert(
			fc.property(data, (tree) => {
				const event = { ...eventOf(formOf(leadDeleted())), data: tree };
				const items = JSON.stringify([toItem(event, false), toRawItem(event, false)]);
				for (const token of tokens) expect(items).not.toContain(token);
			}),
		);
	});

	it.each([
		['domain', 'portalDomain'],
		['member_id', 'portalMemberId'],
		['client_endpoint', 'portalEndpoint'],
		['status', 'applicationStatus'],
		['user_id', 'userId'],
	])('has nothing where a token stands in %s', (key, column) => {
		const text = `https://${secrets.applicationToken}/`;
		const item = itemOf(leadDeleted({ auth: { ...appAuth, [key]: text } }));
		expect(item).toEqual({ ...itemOf(leadDeleted()), [column]: null });
	});
});

const rawOf = (body: string) => toRawItem(eventOf(body), false);

describe('the token of a permission that a user grants (ONAPPMETHODCONFIRM)', () => {
	const live = 'fkp0n2al3gpu1mcs6yqoxy0hbyhqxi4e';
	const payload = leadDeleted({
		event: 'ONAPPMETHODCONFIRM',
		data: { TOKEN: live, METHOD: 'voximplant.user.get', CONFIRMED: '1', NOTE: `?auth=${live}&x=1` },
	});

	it.each([
		['simplified', itemOf(payload)],
		['raw', rawOf(formOf(payload))],
	])('is not in the %s item, neither under its name nor elsewhere', (_name, item) => {
		expect(JSON.stringify(item)).not.toContain(live);
		expect(item.data).toEqual({ METHOD: 'voximplant.user.get', CONFIRMED: '1', NOTE: '' });
	});
});

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

	it('says when a test of the portal caused it, like the simplified item', () => {
		const event = eventOf(contactAdded.body);
		expect([toItem(event, true), toRawItem(event, true)]).toMatchObject([{ isTest: true }, { isTest: true }]);
	});
});
