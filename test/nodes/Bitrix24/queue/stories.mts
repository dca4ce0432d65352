import fc from 'fast-check';

import type { Incident, Lives, RunEnd, Story } from './lives.mjs';
import { beginLives, codes } from './lives.mjs';

const incidents: Incident[] = ['refused', 'unheard', 'unanswered', 'killedBefore', 'killedAfter', 'saved'];
const ends: Array<RunEnd | null> = ['succeeded', 'failed', 'unknown', 'killed', 'saved', null];

/** Settings in which records are reserved, and confirmed by what becomes of their run. */
export const reserving = fc.record({
	execution: fc.constantFrom('perBatch' as const, 'perEvent' as const),
	acknowledge: fc.constantFrom('afterSuccess' as const, 'afterFinish' as const),
	maxAttempts: fc.integer({ min: 1, max: 5 }),
	batchSize: fc.integer({ min: 1, max: 5 }),
	retryErrors: fc.boolean(),
});

/** Stories in which nothing goes wrong. */
export function quiet(settings: fc.Arbitrary<Story['settings']>): fc.Arbitrary<Story> {
	return fc.record({
		settings,
		isOwn: fc.boolean(),
		incidents: fc.constant(new Map<number, Incident>()),
		runs: fc.constant([]),
		bad: fc.constant(new Set<number>()),
	});
}

/** Stories in which everything may go wrong, until it does no more. */
export function eventful(settings: fc.Arbitrary<Story['settings']>): fc.Arbitrary<Story> {
	const incident = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...incidents));
	const run = fc.record({ end: fc.constantFrom(...ends), seconds: fc.constantFrom(0, 0, 0, 7, 70) });
	return fc.record({
		settings,
		isOwn: fc.boolean(),
		incidents: fc.array(incident, { maxLength: 12 }).map((all) => new Map(all)),
		runs: fc.array(run, { maxLength: 15 }),
		bad: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }).map((leads) => new Set(leads)),
	});
}

/** Which events are queued before each of the first half minutes. */
export const arrivals = fc.array(fc.array(fc.constantFrom(...codes), { maxLength: 5 }), { minLength: 1, maxLength: 5 });

const mostSteps = 120;
// Once nothing new is queued, so that the pauses between runs pass.
const minutesAStep = 10;

/**
 * Tells a story until everything that was queued is confirmed or put aside, and then closes the trigger.
 *
 * @param listen may watch from the beginning
 * @returns with the ids of all records that were queued, by the number of their lead, from 1
 */
export async function tell(
	story: Story,
	queued: readonly string[][],
	listen: (lives: Lives) => void = () => {},
): Promise<Lives & { ids: string[] }> {
	jest.useFakeTimers();
	try {
		const lives = beginLives(story);
		const { portal, wrongs } = lives;
		listen(lives);
		const ids: string[] = [];
		for (let step = 0; step < mostSteps; step++) {
			for (const event of queued[step] ?? []) ids.push(...portal.queue([ids.length + 1], { event }));
			await lives.goOn(step < queued.length ? 30 : minutesAStep * 60);
			if (step >= queued.length && portal.records().every(({ ERROR }) => ERROR === '1')) break;
		}
		if (!(await lives.close())) wrongs.push('It did not end at once');
		await jest.advanceTimersByTimeAsync(200_000);
		if (!lives.haveAllEnded()) wrongs.push('It did not end');
		return { ...lives, ids };
	} finally {
		jest.useRealTimers();
	}
}
