import type { Attempts } from '../../../../nodes/Bitrix24/n8n/processState.js';
import type { RetryOptions } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const record = (id: number) => ({ ...queuedLead, ID: String(id), MESSAGE_ID: `message-${id}` });
const [one, two, three] = [record(1), record(2), record(3)];
const none: Attempts = { failures: 0, unknowns: 0 };
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const policyOf = (options: Partial<RetryOptions> = {}) =>
	createRetryPolicy({
		execution: 'perBatch',
		acknowledge: 'afterSuccess',
		maxAttempts: 5,
		intervalMs: 30 * second,
		...options,
	});

/** The pauses after one run after the other, until there is none. */
function pausesOf(outcome: 'failed' | 'unknown', isAlone: boolean, most: number, options: Partial<RetryOptions> = {}) {
	const { decide } = policyOf(options);
	const pauses: number[] = [];
	for (let before = none; pauses.length < most; ) {
		const decision = decide(before, outcome, isAlone);
		if (decision.then !== 'runAgain') return [...pauses, decision.then];
		pauses.push(decision.pauseMs);
		before = decision.attempts;
	}
	return pauses;
}

describe('a run that succeeds', () => {
	it.each([none, { failures: 4, unknowns: 3 }])('is acknowledged, whatever went before: %j', (before) => {
		expect(policyOf().decide(before, 'succeeded', true)).toEqual({ then: 'acknowledge' });
	});
});

describe('a run that fails', () => {
	it('is followed by growing pauses, and after five runs its record is moved to failed', () => {
		const pauses = [30 * second, 2 * minute, 8 * minute, 32 * minute];
		expect(pausesOf('failed', true, 9)).toEqual([...pauses, 'moveToFailed']);
	});

	it.each([
		['an hour at most', 20 * minute, [20 * minute, hour, hour, hour]],
		['one interval, where that is longer', 2 * hour, [2 * hour, 2 * hour, 2 * hour, 2 * hour]],
	])('pauses for %s', (_, intervalMs, pauses) => {
		expect(pausesOf('failed', true, 9, { intervalMs })).toEqual([...pauses, 'moveToFailed']);
	});

	it('moves nobody to failed who has failed only in company', () => {
		const { decide } = policyOf({ maxAttempts: 1 });
		expect(decide(none, 'failed', false)).toEqual({
			then: 'runAgain',
			attempts: { failures: 1, unknowns: 0 },
			pauseMs: 30 * second,
		});
		expect(decide({ failures: 1, unknowns: 0 }, 'failed', true)).toEqual({ then: 'moveToFailed' });
	});

	it('ends the count of runs of which nothing is known', () => {
		const { decide } = policyOf();
		expect(decide({ failures: 1, unknowns: 7 }, 'failed', true)).toMatchObject({
			attempts: { failures: 2, unknowns: 0 },
			pauseMs: 2 * minute,
		});
	});

	it.each(['afterFinish', 'onReceipt'] as const)('is acknowledged where the user wants it %s', (acknowledge) => {
		expect(policyOf({ acknowledge }).decide(none, 'failed', true)).toEqual({ then: 'acknowledge' });
	});
});

describe('a run that nobody knows the end of', () => {
	it.each(['afterSuccess', 'afterFinish', 'onReceipt'] as const)('is repeated for ever: %s', (acknowledge) => {
		const pauses = [30 * second, 2 * minute, 8 * minute, 32 * minute, hour, hour];
		expect(pausesOf('unknown', true, 6, { acknowledge, maxAttempts: 1 })).toEqual(pauses);
	});

	it('takes nothing back: the unsuccessful runs before it still count', () => {
		expect(policyOf().decide({ failures: 3, unknowns: 0 }, 'unknown', true)).toMatchObject({
			attempts: { failures: 3, unknowns: 1 },
			pauseMs: 30 * second,
		});
	});
});

describe('records that were handed out together', () => {
	const known = (failures: { [id: string]: number }) => (id: string) => ({ ...none, failures: failures[id] ?? 0 });

	it('run together, in their order', () => {
		expect(policyOf().group([two, one], known({ 1: 1 }))).toEqual([[two, one]]);
	});

	it('make no run where there are none', () => {
		expect(policyOf().group([], known({}))).toEqual([]);
	});

	it('run without those that have failed twice, which follow one at a time', () => {
		const { group } = policyOf();
		expect(group([one, two, three], known({ 1: 2, 3: 4 }))).toEqual([[two], [one], [three]]);
		expect(group([three, one], known({ 1: 2, 3: 2 }))).toEqual([[three], [one]]);
	});

	it('run one at a time after the first failure where that is all they may have', () => {
		expect(policyOf({ maxAttempts: 1 }).group([one, two], known({ 1: 1, 2: 1 }))).toEqual([[one], [two]]);
	});

	it('run one at a time where the user wants it', () => {
		expect(policyOf({ execution: 'perEvent' }).group([two, one], known({}))).toEqual([[two], [one]]);
	});
});
