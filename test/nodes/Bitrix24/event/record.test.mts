import {
	itemRecordRef,
	recordRef,
	recordScope,
	shapeRecord,
	withRecordId,
} from '../../../../nodes/Bitrix24/event/record.js';

const lead = { FIELDS: { ID: '7' } };
const item = (typeId: string) => ({ FIELDS: { ID: '7', ENTITY_TYPE_ID: typeId } });
const task = { FIELDS_BEFORE: { ID: '7' }, FIELDS_AFTER: { ID: '7' } };

describe('recordRef', () => {
	it.each([
		['ONCRMLEADADD', lead, 1],
		['oncrmleadupdate', lead, 1],
		['ONCRMDEALADD', lead, 2],
		['ONCRMCONTACTUPDATE', lead, 3],
		['ONCRMCOMPANYADD', lead, 4],
		['ONCRMQUOTEUPDATE', lead, 7],
		['ONCRMDYNAMICITEMADD', item('31'), 31],
		['ONCRMDYNAMICITEMUPDATE_1220', item('1220'), 1220],
		['ONCRMDYNAMICITEMUPDATE_1220', lead, 1220],
		['ONCRMDEALADD', item('x'), 2],
		['ONTASKADD', { FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: '7' } }, 'task'],
		['ONTASKUPDATE', task, 'task'],
	])('%s %j is about record 7 of kind %s', (code, data, kind) => {
		expect(recordRef(code, data)).toEqual({ kind, id: '7' });
	});

	it.each([
		['a deletion', 'ONCRMLEADDELETE', lead],
		['a comment', 'ONTASKCOMMENTADD', { FIELDS_AFTER: { ID: '7', TASK_ID: '5' } }],
		['a timeline comment', 'ONCRMTIMELINECOMMENTADD', { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1' } }],
		['a smart process of unknown type', 'ONCRMDYNAMICITEMADD', lead],
		['a code that is not understood', 'ONSOMETHING', lead],
		['an id that is no number', 'ONCRMLEADADD', { FIELDS: { ID: 'CHE' } }],
		['no id', 'ONCRMLEADADD', undefined],
	])('%s has no record', (_, code, data) => {
		expect(recordRef(code, data)).toBeNull();
	});
});

describe('recordScope', () => {
	it.each([
		['ONCRMLEADADD', 'crm'],
		['ONCRMDYNAMICITEMADD', 'crm'],
		['ONTASKUPDATE', 'task'],
		['ONTASKDELETE', null],
		['ONAPPTEST', null],
	])('%s needs %s', (code, scope) => {
		expect(recordScope(code)).toBe(scope);
	});
});

describe('shapeRecord', () => {
	const record = {
		id: 7,
		title: 'Ten chairs',
		fm: [{ value: '+44' }],
		file: { urlMachine: 'https://p/?auth=abc&x=1' },
	};

	it('keeps everything where nothing is named, less the tokens in links', () => {
		expect(shapeRecord(record, [])).toEqual({ ...record, file: { urlMachine: 'https://p/?x=1' } });
	});

	it('keeps what is named, in any case, and nothing else', () => {
		expect(shapeRecord(record, ['ID', 'fm', 'nothing'])).toEqual({ id: 7, fm: [{ value: '+44' }] });
	});
});

describe('itemRecordRef', () => {
	it.each([
		['simplified', { event: 'ONCRMLEADADD', id: 7, leadId: 7 }, { kind: 1, id: '7' }],
		['raw', { event: 'ONCRMLEADADD', data: { FIELDS: { ID: '7' } } }, { kind: 1, id: '7' }],
		['with more than an id', { event: 'ONCRMDYNAMICITEMADD', id: 7, data: item('31') }, { kind: 31, id: '7' }],
		['without an event', { id: 7 }, null],
		['that no portal sends', { event: 'ONCRMLEADADD', data: 'x'.repeat(2_000_000) }, null],
	])('finds the record of an item: %s', (_, json, ref) => {
		expect(itemRecordRef(json)).toEqual(ref);
	});
});

it('a payload about another record is the same but for the id', () => {
	const data = { FIELDS_BEFORE: 'undefined', FIELDS_AFTER: { ID: '7', TASK_ID: '7' }, LIST: ['7'] };
	const about = withRecordId(data, '7', '9');
	expect(about).toEqual({ ...data, FIELDS_AFTER: { ID: '9', TASK_ID: '7' } });
});
