import fc from 'fast-check';

import { describeNoEvent, parseEvent, sentAt } from '../../../../nodes/Bitrix24/event/event.js';
import { parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import { parseJson } from '../../../../nodes/Bitrix24/event/jsonBody.js';
import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };

const { contactAdded } = deliveries;

const eventOf = (body: string) => parseEvent(parseForm(body) ?? {});

describe('parseEvent', () => {
	it('names the parts of a real delivery', () => {
		expect(eventOf(contactAdded.body)).toMatchObject({
			code: 'ONCRMCONTACTADD',
			handlerId: '58',
			ts: '1727018926',
			data: { FIELDS: { ID: '134806' } },
			auth: { member_id: contactAdded.memberId, application_token: contactAdded.applicationToken, user_id: '1' },
		});
	});

	it('writes the code in upper case, without the space around it', () => {
		expect(eventOf('event=%20onCrmLeadDelete%20')?.code).toBe('ONCRMLEADDELETE');
	});

	it('takes an event without data, time and auth', () => {
		expect(eventOf('event=ONOFFLINEEVENT')).toEqual({
			code: 'ONOFFLINEEVENT',
			handlerId: undefined,
			ts: undefined,
			data: undefined,
			auth: {},
			secrets: new Set(),
		});
	});

	it.each([
		['no code', 'data[FIELDS][ID]=7'],
		['an empty code', 'event=&ts=1'],
		['a code of spaces', 'event=%20%20'],
		['a list of codes', 'event[]=ONCRMLEADDELETE'],
		['two codes', 'event=ONCRMLEADADD&event=ONCRMLEADDELETE'],
		['a code that is too long', `event=${'A'.repeat(256)}`],
	])('is no event with %s', (_name, body) => {
		expect(eventOf(body)).toBeNull();
	});

	it.each([
		['a list', 'auth[application_token][]=x&auth[member_id]=m'],
		['a map', 'auth[application_token][a]=x&auth[member_id]=m'],
		['empty', 'auth[application_token]=&auth[member_id]=m'],
		['there twice', 'auth[application_token]=x&auth[application_token]=x&auth[member_id]=m'],
	])('counts a token that is %s as not sent, and keeps the rest', (_name, rest) => {
		expect(eventOf(`event=ONCRMLEADDELETE&${rest}`)?.auth).toEqual({ member_id: 'm' });
	});

	it.each(['auth=x', 'auth[]=x'])('takes %s for no auth at all', (rest) => {
		expect(eventOf(`event=ONCRMLEADDELETE&${rest}`)?.auth).toEqual({});
	});

	it('names every secret that the delivery carries', () => {
		const [live, own] = ['fkp0live-token-0123', 'token-of-the-bot-0123'];
		const body = `event=ONIMBOTMESSAGEADD&data[TOKEN]=${live}&data[BOT][7][access_token]=${own}&auth[status]=L`;
		expect(eventOf(body)?.secrets).toEqual(new Set([live, own]));
	});

	it('never throws, whatever was posted', () => {
		const part = fc.oneof(fc.constantFrom('event', 'auth', 'data', 'ts', 'application_token'), fc.string());
		const { value } = fc.letrec((tie) => ({
			value: fc.oneof(
				{ maxDepth: 4 },
				fc.constantFrom('ONCRMLEADDELETE', ''),
				fc.integer(),
				fc.array(tie('value'), { maxLength: 3 }),
				fc.dictionary(part, tie('value'), { maxKeys: 5 }),
			),
		}));
		fc.assert(
			fc.property(value, (body) => {
				const event = parseEvent(parseJson(body) ?? {});
				expect(event === null || event.code === event.code.toUpperCase()).toBe(true);
			}),
		);
	});
});

describe('sentAt', () => {
	it.each([undefined, '', '-1', '1.5', '1e9', '1742807199\n', '8640000000001'])('is null for %p', (ts) => {
		expect(sentAt(ts)).toBeNull();
	});

	it('reads the first second and the last that a date can name', () => {
		expect([sentAt('0'), sentAt('8640000000000')]).toEqual([0, 8_640_000_000_000_000]);
	});

	it('is always a time that a date can name, whatever digits come in', () => {
		const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 15 });
		fc.assert(
			fc.property(digits, (ts) => {
				const time = sentAt(ts);
				expect(time === null || !Number.isNaN(new Date(time).getTime())).toBe(true);
			}),
		);
	});
});

describe('describeNoEvent', () => {
	const ofRobot =
		"is the webhook of a robot or a business process, which is no event. Receive that with n8n's own Webhook node, or choose the event in this trigger and take its URL out of the robot";
	const token = 't'.repeat(16);
	it.each([
		['nothing', null, '', 'is not an event'],
		['an event without a name', { auth: { domain: 'a.b' } }, 'a.b', 'is not an event'],
		["a robot's webhook", { document_id: ['crm'], auth: { domain: 'a.b' } }, 'a.b', ofRobot],
		["a business process's webhook", { workflow_id: '1' }, '', ofRobot],
		['a domain with a token', { auth: { TOKEN: token, domain: `${token}.com` } }, '', 'is not an event'],
	])('says of %s which portal it names, and what it is', (_name, body, domain, reason) => {
		expect(describeNoEvent(body)).toEqual({ domain, reason });
	});
});
