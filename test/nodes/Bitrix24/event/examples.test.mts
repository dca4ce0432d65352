import { exampleData } from '../../../../nodes/Bitrix24/event/examples.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

/** Names every place of a value, and what kind of text stands there. An id that serves as a key may be any number. */
function shapeOf(value: unknown, place = ''): string[] {
	if (typeof value !== 'object' || value === null) return [`${place}: ${kindOf(value)}`];
	return Object.entries(value)
		.flatMap(([key, inner]) => shapeOf(inner, `${place}/${/^\d{2,}$/.test(key) ? 'number' : key}`))
		.sort();
}

function kindOf(value: unknown): string {
	if (typeof value !== 'string') return typeof value;
	if (value === '' || value === 'undefined') return `"${value}"`;
	return /^\d+$/.test(value) ? 'digits' : 'text';
}

describe('exampleData', () => {
	it.each(events.filter(({ data }) => typeof data === 'object' && data !== null))(
		'has the documented shape for $code',
		({ code, data }) => {
			expect(shapeOf(exampleData(code))).toEqual(shapeOf(data));
		},
	);

	it('has nothing for the events whose data is no map', () => {
		const others = events.filter(({ data }) => typeof data !== 'object' || data === null);
		expect(others.map(({ code }) => code)).toEqual(['ONIMCONNECTORLINEDELETE', 'ONOFFLINEEVENT']);
		expect(others.map(({ code }) => exampleData(code))).toEqual([null, null]);
	});

	it('shows a lead as the documentation does, under both names and in any case', () => {
		const data = { FIELDS: { ID: '1000983' } };
		expect([exampleData('ONCRMLEADDELETE'), exampleData(' onLeadDelete ')]).toEqual([data, data]);
	});

	it.each([
		['ONCRMSOMETHINGNEW', { ID: '1000983' }],
		[' onCrmDynamicItemAdd_31 ', { ID: '1000983', ENTITY_TYPE_ID: '31' }],
		['ONCRMDYNAMICITEMADD_31X', { ID: '1000983', ENTITY_TYPE_ID: '1220' }],
		['XONCRMDYNAMICITEMADD_31', { ID: '1000983' }],
	])('takes %j, which is not documented, to be shaped like what it resembles', (code, FIELDS) => {
		expect(exampleData(code)).toEqual({ FIELDS });
	});

	it('gives every caller a copy of its own', () => {
		const first = exampleData('ONCRMLEADDELETE');
		Object.assign(first?.FIELDS ?? {}, { ID: 'changed' });
		expect(exampleData('ONCRMLEADDELETE')).toEqual({ FIELDS: { ID: '1000983' } });
	});

	it('carries no token', () => {
		const everything = JSON.stringify(events.map(({ code }) => exampleData(code)));
		expect(everything).not.toMatch(/(?:access|refresh|application)_token|client_(?:id|secret)|"AUTH"/i);
	});
});
