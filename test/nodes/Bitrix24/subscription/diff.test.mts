import fc from 'fast-check';

import type { Handler } from '../../../../nodes/Bitrix24/subscription/handlers.js';
import { diff, isEmpty } from '../../../../nodes/Bitrix24/subscription/handlers.js';

const handler = (event: string, authType: string | undefined = '0'): Handler => ({ event, authType });

const code = fc.constantFrom('A', 'B', 'C', 'D');
const desiredCodes = fc.array(code, { maxLength: 6 });
const authType = fc.constantFrom(undefined, '', '0', '1', '27');
const currentHandlers: fc.Arbitrary<Handler[]> = fc.array(fc.record({ event: code, authType }), { maxLength: 8 });
const isGeneral = ({ authType: whose }: Handler) => whose === undefined || whose === '' || whose === '0';

describe('diff', () => {
	it.each([
		['nothing is bound', ['A', 'B'], [], ['A', 'B'], []],
		['everything is bound', ['A', 'B'], [handler('B'), handler('A')], [], []],
		['one is missing', ['A', 'B'], [handler('A')], ['B'], []],
		['one is left over', ['A'], [handler('A'), handler('B')], [], [handler('B')]],
		['nothing is wanted', [], [handler('A')], [], [handler('A')]],
		['one is wanted twice', ['A', 'A'], [], ['A'], []],
		['one is bound twice', ['A'], [handler('A'), handler('A', '27')], [], [handler('A', '27')]],
		["a user's own comes first", ['A'], [handler('A', '27'), handler('A')], [], [handler('A', '27')]],
		["there is a user's own only", ['A'], [handler('A', '27')], [], []],
	])('says what has to change where %s', (_name, desired, current, missing, surplus) => {
		expect(diff(desired, current)).toEqual({ missing, surplus });
	});

	it('leaves exactly one handler for every wanted event, and the general one where there is one', () => {
		fc.assert(
			fc.property(desiredCodes, currentHandlers, (desired, current) => {
				const { missing, surplus: surplus } = diff(desired, current);
				const kept = current.filter((one) => !surplus.includes(one));
				const after = [...kept.map(({ event }) => event), ...missing].sort();
				expect(after).toEqual([...new Set(desired)].sort());
				for (const one of kept) {
					const rivals = current.filter(({ event }) => event === one.event);
					expect(isGeneral(one)).toBe(rivals.some(isGeneral));
				}
			}),
		);
	});

	it('takes down only what is bound, each handler once', () => {
		fc.assert(
			fc.property(desiredCodes, currentHandlers, (desired, current) => {
				const { surplus: surplus } = diff(desired, current);
				expect(surplus.every((one) => current.includes(one))).toBe(true);
				expect(new Set(surplus).size).toBe(surplus.length);
			}),
		);
	});
});

describe('isEmpty', () => {
	it('is true when nothing has to change, and only then', () => {
		expect(isEmpty({ missing: [], surplus: [] })).toBe(true);
		expect(isEmpty({ missing: ['A'], surplus: [] })).toBe(false);
		expect(isEmpty({ missing: [], surplus: [handler('A')] })).toBe(false);
	});
});
