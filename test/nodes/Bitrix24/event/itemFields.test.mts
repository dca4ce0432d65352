import fc from 'fast-check';

import {
	applicationStatus,
	extraData,
	findEntity,
	toEventFields,
	toId,
	toUserId,
} from '../../../../nodes/Bitrix24/event/itemFields.js';
import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

describe('toEventFields', () => {
	it('says what happened to what', () => {
		expect(toEventFields('ONCRMDEALUPDATE', { FIELDS: { ID: '7' } })).toEqual({
			event: 'ONCRMDEALUPDATE',
			entity: 'deal',
			action: 'update',
			id: 7,
		});
	});

	it.each(['ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMLEADDELETE', 'ONLEADDELETE'])(
		'names the lead of %s, also where there is no id',
		(code) => {
			expect(toEventFields(code, { FIELDS: { ID: 'x7' } })).toMatchObject({ event: code, id: 'x7', leadId: 'x7' });
			expect(toEventFields(code, undefined)).toMatchObject({ id: null, leadId: null });
		},
	);

	it.each(['ONCRMLEADUSERFIELDADD', 'ONCRMDEALADD', 'ONSOMETHINGNEW'])('names no lead of %s', (code) => {
		expect(toEventFields(code, { FIELDS: { ID: '7' } })).not.toHaveProperty('leadId');
	});

	it('has null for what it does not understand, and still finds the id', () => {
		expect(toEventFields('ONSOMETHINGNEW', { FIELDS: { ID: '7' } })).toEqual({
			event: 'ONSOMETHINGNEW',
			entity: null,
			action: null,
			id: 7,
		});
	});
});

describe('toUserId', () => {
	it.each([undefined, '', '0'])('is nobody for %p', (sent) => {
		expect(toUserId(sent)).toBeNull();
	});

	it.each([
		['1', 1],
		['10', 10],
		['00', '00'],
		['x', 'x'],
	])('is for %p the user %p', (sent, userId) => {
		expect(toUserId(sent)).toBe(userId);
	});
});

describe('extraData', () => {
	it.each<PayloadValue | undefined>([undefined, '', [], {}, { ID: '7' }, { FIELDS: { ID: '7' } }])(
		'adds nothing for %j',
		(data) => {
			expect(extraData(data)).toEqual({});
		},
	);

	it('adds the whole data where it says more than an id', () => {
		const data = { FIELDS: { ID: '7', TITLE: 'Acme Ltd' } };
		expect(extraData(data)).toEqual({ data });
	});
});

const { events } = documentedEvents;

const dataOf = (code: string) => events.find((event) => event.code === code)?.data as PayloadValue | undefined;

describe('findEntity', () => {
	it.each<[string, PayloadValue | undefined, string | null]>([
		['a deleted lead', { FIELDS: { ID: '1000983' } }, '1000983'],
		['a currency', { FIELDS: { ID: 'CHE' } }, 'CHE'],
		['a smart process', { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } }, '7'],
		['a task that was added', { FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: '123' } }, '123'],
		['a task that was changed', { FIELDS_BEFORE: { ID: '123' }, FIELDS_AFTER: { ID: '123' } }, '123'],
		['a task that was deleted', { FIELDS_BEFORE: { ID: '123' }, FIELDS_AFTER: 'undefined' }, '123'],
		['a timeline comment', { ID: '42' }, '42'],
		['a calendar entry', { id: '42' }, '42'],
		['a news feed post', { FIELDS: { POST_ID: '209' } }, '209'],
		['an app that was installed', { VERSION: '1', LANGUAGE_ID: 'en' }, null],
		['an event without data', undefined, null],
		['data that is a text', 'x', null],
		['an empty id', { FIELDS: { ID: '' } }, null],
		['an id of zero, which is none', { FIELDS: { ID: '0' } }, null],
		['zero at the top, which is none', { ID: '0', MESSAGE_ID: '84331' }, null],
		[
			'a comment of the new task card',
			{ FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: '0', TASK_ID: '555', MESSAGE_ID: '1458' } },
			'1458',
		],
		['an id that is a list', { FIELDS: { ID: ['7'] } }, null],
		[
			'fields before those of a task',
			{ FIELDS_BEFORE: { ID: '2' }, FIELDS_AFTER: { ID: '3' }, FIELDS: { ID: '1' } },
			'1',
		],
		['a task after its change before the one before', { FIELDS_BEFORE: { ID: '2' }, FIELDS_AFTER: { ID: '3' } }, '3'],
		['fields before the top', { ID: '2', FIELDS: { ID: '1' } }, '1'],
		['fields that hold none, at the top', { ID: '2', FIELDS: { NAME: 'x' } }, '2'],
		['a map that names two, the documented one', { FIELDS: { id: '2', POST_ID: '3', ID: '1' } }, '1'],
		['a list', ['7'], null],
	])('finds the id of %s', (_name, data, id) => {
		expect(findEntity(data).id).toBe(id);
	});

	it.each<[string, PayloadValue | undefined]>([
		['an id among fields', { FIELDS: { ID: '7' } }],
		['an id at the top', { ID: '7' }],
		['nothing', undefined],
		['an empty text', ''],
		['an empty list', []],
		['an empty map', {}],
	])('says that %s is all', (_name, data) => {
		expect(findEntity(data).carriesMore).toBe(false);
	});

	it.each<[string, PayloadValue]>([
		['another field', { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } }],
		['something beside the fields', { FIELDS: { ID: '7' }, IS_ACCESSIBLE_AFTER: 'N' }],
		['something beside the id', { ID: '7', NAME: 'Klaus' }],
		['an id beside fields without one', { ID: '7', FIELDS: {} }],
		['a map without an id', { VERSION: '1' }],
		['fields without an id', { FIELDS: { TYPE_ID: '1' } }],
		['a text', 'x'],
		['a list', ['x']],
	])('says that %s is more than an id', (_name, data) => {
		expect(findEntity(data).carriesMore).toBe(true);
	});

	it.each(['ONCRMLEADDELETE', 'ONCRMCURRENCYADD', 'ONTASKUPDATE', 'ONCRMTIMELINECOMMENTADD', 'ONCALENDARENTRYADD'])(
		'finds an id in the documented payload of %s',
		(code) => {
			expect(findEntity(dataOf(code)).id).toEqual(expect.any(String));
		},
	);
});

describe('toId', () => {
	it.each([
		['1000983', 1000983],
		['0', 0],
		['7', 7],
		['10', 10],
		['999999999999999', 999999999999999],
	])('makes a number of %s', (id, expected) => {
		expect(toId(id)).toBe(expected);
	});

	it.each(['007', '00', '1000000000000000', 'CHE', '', '-7', '+7', '7.5', '1e3', '0x7', ' 7', '7 ', '7\n', '٧', 'NaN'])(
		'leaves %p as sent',
		(id) => {
			expect(toId(id)).toBe(id);
		},
	);

	it('loses nothing of any id: written as text, it is what was sent', () => {
		const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 });
		fc.assert(fc.property(fc.oneof(digits, fc.string()), (id) => String(toId(id)) === id));
	});
});

describe('applicationStatus', () => {
	it.each([
		['L', 'local'],
		['F', 'free'],
		['D', 'demo'],
		['T', 'trial'],
		['P', 'paid'],
		['S', 'subscription'],
	])('puts %s into a word', (letter, word) => {
		expect(applicationStatus(letter)).toBe(word);
	});

	it.each(['X', 'l', 'constructor', '__proto__'])('leaves %s as sent', (letter) => {
		expect(applicationStatus(letter)).toBe(letter);
	});

	it('is null where none is sent', () => {
		expect(applicationStatus(undefined)).toBeNull();
	});
});
