import { kinds } from './kinds.mjs';
import type { Outcome, Setting } from './setting.mjs';

/** What became of one fault in one call. */
export interface Finding {
	call: string;
	fault: string;
	/** null where it makes no sense. */
	once: Outcome | null;
	/** null where it is as the first time. */
	lasting: Outcome | null;
}

/** Makes every call of a setting go wrong in every way, once and as long as it is tried. */
export async function explore({ calls, run, isOnceOnly = false }: Setting): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const call of calls) {
		for (const { name: fault, onlyLasting, strike } of kinds) {
			const outcome = async (isLasting: boolean): Promise<Outcome> =>
				await run(call, async (world) => await strike({ ...world, call }, isLasting ? Infinity : 1), isLasting);
			const once = onlyLasting === true ? null : await outcome(false);
			// What comes in the way the first time, does so the second time.
			const lasting = once === null || (once.isRecovered && !isOnceOnly) ? await outcome(true) : null;
			findings.push({ call, fault, once, lasting });
		}
	}
	return findings;
}
