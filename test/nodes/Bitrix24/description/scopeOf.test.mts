import { scopeOf } from '../../../../nodes/Bitrix24/event/catalogue.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

describe('scopeOf', () => {
	it.each([
		['ONCRMLEADDELETE', 'crm'],
		['ONLEADDELETE', 'crm'],
		[' onTaskAdd ', 'task'],
		['ONCALENDARENTRYADD', 'calendar'],
	])('says that %p needs %s', (code, scope) => {
		expect(scopeOf(code)).toBe(scope);
	});

	it.each(['ONAPPINSTALL', 'ONSOMETHINGNEW', '', 'constructor'])(
		'says that %p needs no permission of its own',
		(code) => {
			expect(scopeOf(code)).toBeNull();
		},
	);

	it('says of every documented event what the documentation says', () => {
		for (const { code, scope } of events) {
			expect([code, scopeOf(code)]).toEqual([code, scope === 'basic' ? null : scope]);
		}
	});
});
