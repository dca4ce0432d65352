import { findEntity } from '../../../../nodes/Bitrix24/event/itemFields.js';
import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

const dataOf = (code: string) => events.find((event) => event.code === code)?.data as PayloadValue | undefined;

describe('subjectOf', () => {
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
