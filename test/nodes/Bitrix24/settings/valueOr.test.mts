import { z } from 'zod';

import { valueOr } from '../../../../nodes/Bitrix24/settings/settings.js';

describe('valueOr', () => {
	it('reads a value as its form has it', () => {
		expect(valueOr(z.coerce.number(), '7', 0)).toBe(7);
	});

	it('takes the fallback for what is something else', () => {
		expect(valueOr(z.number(), 'seven', 0)).toBe(0);
		expect(valueOr(z.number(), undefined, 0)).toBe(0);
	});
});
