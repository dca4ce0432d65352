import { isItemOf } from '../../demo/isItemOf.mjs';

const delivery = { event: 'ONCRMLEADDELETE', form: { ts: '1742807199', data: { FIELDS: { ID: '1000983' } } } };
const simplified = { event: 'ONCRMLEADDELETE', id: 1000983, sentAt: '2025-03-24T09:06:39.000Z' };
const raw = { event: 'ONCRMLEADDELETE', ts: '1742807199', data: { FIELDS: { ID: '1000983' } } };

describe('the execution of a delivery', () => {
	it.each([
		['simplified', simplified],
		['raw', raw],
	])('is known by its %s item', (_form, item) => {
		expect(isItemOf(item, delivery)).toBe(true);
	});

	it.each([
		['event', { ...simplified, event: 'ONCRMLEADADD' }],
		['lead', { ...simplified, id: 1000984 }],
		['lead', { ...raw, data: { FIELDS: { ID: '1000984' } } }],
		['time', { ...simplified, sentAt: '2025-03-24T09:06:40.000Z' }],
		['time', { ...raw, ts: '1742807200' }],
	])('is not one of another %s', (_what, item) => {
		expect(isItemOf(item, delivery)).toBe(false);
	});

	it('is known by event and time alone, where the event has no id', () => {
		const form = { ts: '1742807199' };
		expect(isItemOf({ event: 'ONOFFLINEEVENT', ts: '1742807199' }, { event: 'ONOFFLINEEVENT', form })).toBe(true);
	});
});
