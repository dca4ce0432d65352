import fc from 'fast-check';

import { applicationStatus, findEntity, toEventFields, toId } from '../../../../nodes/Bitrix24/event/itemFields.js';
import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';

describe('toEventFields', () => {
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
});

describe('findEntity', () => {
	it.each<[string, PayloadValue | undefined, string | null]>([
		['a task that was changed', { FIELDS_BEFORE: { ID: '123' }, FIELDS_AFTER: { ID: '123' } }, '123'],
		['a task that was deleted', { FIELDS_BEFORE: { ID: '123' }, FIELDS_AFTER: 'undefined' }, '123'],
		['a timeline comment', { ID: '42' }, '42'],
		['a calendar entry', { id: '42' }, '42'],
		['a news feed post', { FIELDS: { POST_ID: '209' } }, '209'],
		['an event without data', undefined, null],
		['an empty id', { FIELDS: { ID: '' } }, null],
		['an id of zero, which is none', { FIELDS: { ID: '0' } }, null],
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
	])('finds the id of %s', (_name, data, id) => {
		expect(findEntity(data).id).toBe(id);
	});

	it.each<[string, PayloadValue | undefined]>([
		['an id among fields', { FIELDS: { ID: '7' } }],
		['an id at the top', { ID: '7' }],
		['nothing', undefined],
		['an empty text', ''],
	])('says that %s is all', (_name, data) => {
		expect(findEntity(data).carriesMore).toBe(false);
	});

	it.each<[string, PayloadValue]>([
		['another field', { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } }],
		['something beside the fields', { FIELDS: { ID: '7' }, IS_ACCESSIBLE_AFTER: 'N' }],
		['an id beside fields without one', { ID: '7', FIELDS: {} }],
		['a map without an id', { VERSION: '1' }],
		['fields without an id', { FIELDS: { TYPE_ID: '1' } }],
		['a text', 'x'],
		['a list', ['x']],
	])('says that %s is more than an id', (_name, data) => {
		expect(findEntity(data).carriesMore).toBe(true);
	});
});

describe('toId', () => {
	it.each<[string, number | string]>([
		['1000983', 1000983],
		['0', 0],
		['999999999999999', 999999999999999],
		...['1000000000000000', '00', '007', '-7', '7.5', '1e3', ' 7', '7\n', 'CHE'].map((id): [string, string] => [
			id,
			id,
		]),
	])('makes a number of what is one: %j', (id, expected) => {
		expect(toId(id)).toBe(expected);
	});

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
		['X', 'X'],
		['l', 'l'],
		['constructor', 'constructor'],
	])('puts %s into the word %s', (letter, word) => {
		expect(applicationStatus(letter)).toBe(word);
	});
});
