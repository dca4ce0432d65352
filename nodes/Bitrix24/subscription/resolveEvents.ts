import { canonicalCode } from '../event/canonicalCode';
import { nearestCodes } from './nearestCodes';

/** A selected event that the portal does not know. */
export interface UnknownEvent {
	code: string;
	/** The portal's own codes that look most like it. */
	nearest: string[];
}

/** What to bind, and what can not be bound. */
export interface ResolvedEvents {
	/** Codes as the portal knows them, each once. */
	codes: string[];
	unknown: UnknownEvent[];
}

/**
 * Finds the portal's own code for each selected event. An event that goes by two names (ONLEADDELETE and
 * ONCRMLEADDELETE) is bound under the one that the portal lists, and under the newer one where it lists both.
 *
 * @param selected codes in any case
 * @param known what REST `events` answered
 */
export function resolveEvents(selected: readonly string[], known: readonly string[]): ResolvedEvents {
	const ours = new Map<string, string>();
	for (const listed of known) {
		const code = listed.toUpperCase();
		const canonical = canonicalCode(code);
		if (code === canonical || !ours.has(canonical)) ours.set(canonical, code);
	}
	const wanted = [...new Set(selected.map(canonicalCode))];
	const codes = wanted.flatMap((code) => ours.get(code) ?? []);
	const missing = wanted.filter((code) => !ours.has(code));
	return { codes, unknown: missing.map((code) => ({ code, nearest: nearestCodes(code, [...ours.values()]) })) };
}
