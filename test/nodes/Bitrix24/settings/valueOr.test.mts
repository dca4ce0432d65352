import { z } from 'zod';

import { parseOr } from '../../../../nodes/Bitrix24/settings/settings.js';

describe('valueOr', () => {
	it('reads a value as its form has it', () => {
		expect(parseOr(z.coerce.number(), '7', 0)).toBe(7);
	});

	it('takes the fallback for what is something else', () => {
		expect(parseOr(z.number(), 'seven', 0)).toBe(0);
		expect(parseOr(z.number(), undefined, 0)).toBe(0);
	});
});
