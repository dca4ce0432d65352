import fc from 'fast-check';

import { canonicalCode } from '../../../../nodes/Bitrix24/event/codes.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

describe('canonicalCode', () => {
	it('writes a code in upper case, without the space around it', () => {
		expect(canonicalCode(' onCrmDealMoveToCategory\n')).toBe('ONCRMDEALMOVETOCATEGORY');
	});

	it('gives the lead-deleted event one name, whichever of its two names comes in', () => {
		expect(canonicalCode('ONLEADDELETE')).toBe('ONCRMLEADDELETE');
		expect(canonicalCode(' onLeadDelete ')).toBe('ONCRMLEADDELETE');
		expect(canonicalCode('ONCRMLEADDELETE')).toBe('ONCRMLEADDELETE');
	});

	it('invents no second name for other events', () => {
		expect(['ONLEADADD', 'ONLEADUPDATE'].map(canonicalCode)).toEqual(['ONLEADADD', 'ONLEADUPDATE']);
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
