import { toEventFields, extraData, toUserId } from '../../../../nodes/Bitrix24/event/itemFields.js';
import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';

describe('aboutOf', () => {
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

describe('extraOf', () => {
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
