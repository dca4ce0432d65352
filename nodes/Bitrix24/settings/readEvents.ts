import { z } from 'zod';

import type { Parameters } from './parameters';
import { valueOr } from './valueOr';

const list = z.array(z.string());

/** The codes of both event lists, in upper case. */
export function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) => {
		const given = context.getNodeParameter(name, []);
		// An expression may give one code, or several with commas between them.
		const codes = typeof given === 'string' ? given.split(',') : valueOr(list, given, []);
		return codes.map((code) => code.trim().toUpperCase()).filter((code) => code !== '');
	});
}
