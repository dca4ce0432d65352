import { readTriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';

/** Reads a form that holds these values and nothing else. */
const read = (values: { [name: string]: unknown }) =>
	readTriggerSettings({ getNodeParameter: (name, fallback) => (name in values ? values[name] : fallback) }).events;

describe('the events of both lists', () => {
	it('puts both lists together, those of the catalogue first', () => {
		expect(read({ otherEvents: ['ONCRMDYNAMICITEMADD_31'], events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'] })).toEqual([
			'ONCRMLEADADD',
			'ONCRMLEADDELETE',
			'ONCRMDYNAMICITEMADD_31',
		]);
	});

	it.each([
		['codes in any case, with spaces', [' onCrmLeadDelete ', 'ONTASKADD'], ['ONCRMLEADDELETE', 'ONTASKADD']],
		['one code', 'onCrmLeadDelete', ['ONCRMLEADDELETE']],
		['codes with commas between them', 'onCrmLeadDelete, onTaskAdd,', ['ONCRMLEADDELETE', 'ONTASKADD']],
		['empty codes', ['', ' ', 'ONTASKADD'], ['ONTASKADD']],
		['an empty text', '', []],
		['an empty list', [], []],
	])('reads from an expression %s', (_name, value, codes) => {
		expect(read({ events: value })).toEqual(codes);
		expect(read({ otherEvents: value })).toEqual(codes);
	});

	it.each([undefined, null, 7, true, {}, [7], [['ONTASKADD']]])('reads nothing from %p', (value) => {
		expect(read({ events: value, otherEvents: ['ONTASKADD'] })).toEqual(['ONTASKADD']);
	});

	it('reads nothing from a form that is empty', () => {
		expect(read({})).toEqual([]);
	});
});
