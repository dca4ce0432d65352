import type { Parameters } from './parameters';

/** The codes of both event lists, in upper case. */
export function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) =>
		codesOf(context.getNodeParameter(name, []))
			.map((code) => code.trim().toUpperCase())
			.filter((code) => code !== ''),
	);
}

/** An expression may give one code, or several with commas between them, or anything else. */
function codesOf(given: unknown): string[] {
	if (typeof given === 'string') return given.split(',');
	return Array.isArray(given) && given.every((code) => typeof code === 'string') ? given : [];
}
