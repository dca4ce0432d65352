/** The value below which a share of the samples lies. @param share between 0 and 1 */
export function quantile(samples: Iterable<number>, share: number): number {
	const sorted = [...samples].sort((a, b) => a - b);
	const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
	if (value === undefined) throw new Error('There are no samples');
	return value;
}

export function median(samples: Iterable<number>): number {
	return quantile(samples, 0.5);
}

/**
 * Welch's t: how many standard errors lie between the means of two series. Beyond 4.5, a difference in time is taken for
 * a real one (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017).
 */
export function welch(left: readonly number[], right: readonly number[]): number {
	const [a, b] = [momentsOf(left), momentsOf(right)];
	return (a.mean - b.mean) / Math.sqrt(a.variance / left.length + b.variance / right.length);
}

function momentsOf(samples: readonly number[]): { mean: number; variance: number } {
	const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
	const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return { mean, variance: squares / (samples.length - 1) };
}
