import fc from 'fast-check';

import { canonicalCode, describeCode, isSelected, allNamesOf } from '../../../../nodes/Bitrix24/event/codes.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

describe('canonicalCode', () => {
	it.each([
		[' onCrmDealMoveToCategory\n', 'ONCRMDEALMOVETOCATEGORY'],
		[' onLeadDelete ', 'ONCRMLEADDELETE'],
		['ONLEADADD', 'ONLEADADD'],
	])('writes %j in one way: %s', (sent, code) => {
		expect(canonicalCode(sent)).toBe(code);
	});

	it('leaves every documented code as it is', () => {
		const codes = events.map(({ code }) => code);
		expect(codes.map(canonicalCode)).toEqual(codes);
	});

	it('changes nothing the second time, whatever comes in', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (code) => {
				expect(canonicalCode(canonicalCode(code))).toBe(canonicalCode(code));
			}),
		);
	});
});

describe('isSelected', () => {
	it.each([
		['ONCRMLEADDELETE', ['ONCRMDEALADD', 'ONLEADDELETE'], true],
		['ONLEADDELETE', ['ONCRMLEADDELETE'], true],
		['onCrmDealAdd', ['ONCRMDEALADD'], true],
		['ONCRMLEADDELETE', [], false],
		['ONCRMLEAD', ['ONCRMLEADDELETE', 'ONCRMDEALADD'], false],
		['ONCRMDYNAMICITEMADD', ['ONCRMDYNAMICITEMADD_1220'], false],
		['ONCRMDYNAMICITEMADD_122', ['ONCRMDYNAMICITEMADD_1220'], false],
	])('looks for %s in %j: %p', (code, selected, found) => {
		expect(isSelected(code, selected)).toBe(found);
	});
});

const documented = events.map(({ code }) => code);
const nothing = { entity: null, action: null };

describe('describeCode', () => {
	it.each([
		['ONCRMLEADDELETE', 'lead', 'delete'],
		['ONLEADDELETE', 'lead', 'delete'],
		['ONCRMDEALADD', 'deal', 'add'],
		['ONCRMDEALMOVETOCATEGORY', 'deal', 'moveToCategory'],
		['ONCRMDEALRECURRINGEXPOSE', 'dealRecurring', 'expose'],
		['ONCRMLEADUSERFIELDSETENUMVALUES', 'leadUserField', 'setEnumValues'],
		['ONCRMDYNAMICITEMUPDATE', 'dynamicItem', 'update'],
		['ONTASKADD', 'task', 'add'],
		['ONBOOKINGRESOURCETYPEADD', 'bookingResourceType', 'add'],
		['ONAPPPAYMENT', 'app', 'pay'],
		['ONPAYMENTENTITYSAVED', 'payment', 'save'],
		['ONOFFLINEEVENT', 'offlineEvent', 'add'],
		['ONSIGNB2EMEMBERSTATUSCHANGED', 'signB2eMember', 'changeStatus'],
		['CATALOG.PRICE.TYPE.ON.UPDATE', 'catalogPriceType', 'update'],
		['ONCRMDYNAMICITEMADD_1220', 'dynamicItem', 'add'],
		['onCrmDynamicItemDelete_31', 'dynamicItem', 'delete'],
		// What may still be called off is apart from what has happened.
		['ONSALEBEFOREORDERDELETE', 'order', 'beforeDelete'],
		['ONORDERDELETED', 'order', 'delete'],
	])('understands %s', (code, entity, action) => {
		expect(describeCode(code)).toEqual({ entity, action });
	});

	it('understands every documented code, in camel case', () => {
		const camelCase = /^[a-z]+(?:[A-Z0-9][a-z0-9]*)*$/;
		for (const code of documented) {
			const words = [describeCode(code).entity, describeCode(code).action];
			expect([code, ...words]).toEqual([code, expect.stringMatching(camelCase), expect.stringMatching(camelCase)]);
		}
	});

	it('has one word for one meaning', () => {
		const words = (ending: RegExp) =>
			new Set(documented.filter((code) => ending.test(code)).map((code) => describeCode(code).action));

		expect(words(/(?<!BEFOREORDER)DELETED?$/)).toEqual(new Set(['delete']));
		expect(words(/SAVED$/)).toEqual(new Set(['save']));
		expect(words(/(?:FINISH|END)$/)).toEqual(new Set(['finish']));
	});

	it('tells all documented events apart, except the two moments in which an order is saved', () => {
		const meanings = documented
			.filter((code) => code !== 'ONSALEORDERSAVED')
			.map((code) => JSON.stringify(describeCode(code)));
		expect(new Set(meanings).size).toBe(meanings.length);
		expect(describeCode('ONSALEORDERSAVED')).toEqual(describeCode('ONORDERENTITYSAVED'));
	});

	it.each([
		...[
			'',
			'ONADD',
			'ONAPPTEST',
			'ONCRMLEADEXPOSE',
			'CRMLEADDELETE',
			'CATALOG.PRICE.ON.EXPOSE',
			'ONCRMDYNAMICITEMADD_',
			'ONCRMDYNAMICITEMADD_12X',
			'XONCRMDYNAMICITEMADD_12',
			'ONCRMDYNAMICITEMEXPOSE_1220',
			'__proto__',
			'constructor',
		],
	])('does not guess at %p', (code) => {
		expect(describeCode(code)).toEqual(nothing);
	});

	it('gives both words or none, and never throws, whatever comes in', () => {
		const likeCodes = fc
			.array(fc.constantFrom('ON', 'CRM', 'LEAD', 'DYNAMICITEM', 'TASK', 'ADD', 'DELETED', '_', '12'))
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), likeCodes), (code) => {
				const { entity, action } = describeCode(code);
				expect(entity === null).toBe(action === null);
			}),
		);
	});
});

it.each([
	['OnLeadDelete', ['ONCRMLEADDELETE', 'ONLEADDELETE']],
	['ONCRMLEADADD', ['ONCRMLEADADD']],
])('names all that an event is called: %s', (code, names) => {
	expect(allNamesOf(code)).toEqual(names);
});
