/**
 * The known codes that look most like a mistyped one.
 *
 * @param code what was typed, in upper case
 * @param known what the portal knows
 * @param most how many at most
 * @returns the nearest first; none that shares too little with it
 */
export function nearestCodes(code: string, known: readonly string[], most = 3): string[] {
	const pairs = pairsOf(code);
	return known
		.map((candidate) => ({ candidate, likeness: likeness(pairs, pairsOf(candidate)) }))
		.filter(({ likeness: value }) => value >= 0.5)
		.sort((a, b) => b.likeness - a.likeness || a.candidate.localeCompare(b.candidate))
		.slice(0, most)
		.map(({ candidate }) => candidate);
}

/** Every two neighbouring letters. */
function pairsOf(word: string): Set<string> {
	return new Set(Array.from({ length: Math.max(word.length - 1, 0) }, (_, index) => word.slice(index, index + 2)));
}

/** How much two sets share, from 0 to 1 (Dice's coefficient). */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
	const shared = [...a].filter((pair) => b.has(pair)).length;
	return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}
