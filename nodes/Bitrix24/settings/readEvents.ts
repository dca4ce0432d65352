import { z } from 'zod';

import type { Parameters } from './parameters';

// An expression may give one code, or several with commas between them.
const codes = z
	.union([z.array(z.string()), z.string().transform((text) => text.split(','))])
	.transform((list) => list.map((code) => code.trim().toUpperCase()).filter((code) => code !== ''))
	.catch([]);

/** The codes of both event lists, in upper case. */
export function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) => codes.parse(context.getNodeParameter(name, [])));
}
