import { z } from 'zod';

import type { Parameters } from './parameters';

// An expression may give one code, or several with commas between them.
const codes = z.union([z.array(z.string()), z.string()]).catch([]);

/** The codes of both event lists, in upper case. */
export function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) => {
		const given = codes.parse(context.getNodeParameter(name, []));
		const list = typeof given === 'string' ? given.split(',') : given;
		return list.map((code) => code.trim().toUpperCase()).filter((code) => code !== '');
	});
}
