import type { Acknowledge } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const record = (id: number) => ({ ...queuedLead, ID: String(id), MESSAGE_ID: `message-${id}` });
const [one, two, three] = [record(1), record(2), record(3)];

function attemptsOf(maxAttempts: number, acknowledge: Acknowledge = 'afterSuccess') {
	return createRetryPolicy('perBatch', acknowledge, maxAttempts);
}

describe('a run that succeeds', () => {
	it('is confirmed', () => {
		expect(attemptsOf(3).recordOutcome([one, two], 'succeeded')).toBe('acknowledge');
	});

	it('forgives what went before: its records begin anew', () => {
		const attempts = attemptsOf(2);
		attempts.recordOutcome([one], 'failed');
		attempts.recordOutcome([one], 'succeeded');
		expect(attempts.recordOutcome([one], 'failed')).toBe('keepReserved');
	});
});

describe('a run that fails', () => {
	it('is left as often as records may run together, and then they run alone', () => {
		const attempts = attemptsOf(3);
		expect([1, 2, 3].map(() => attempts.recordOutcome([one, two], 'failed'))).toEqual([
			'keepReserved',
			'keepReserved',
			'runSeparately',
		]);
	});

	it('of a record that runs alone puts it aside', () => {
		const attempts = attemptsOf(1);
		attempts.recordOutcome([one, two], 'failed');
		expect(attempts.recordOutcome([one], 'failed')).toBe('moveToFailed');
		expect(attempts.recordOutcome([two], 'succeeded')).toBe('acknowledge');
	});

	it('of a batch of one puts it aside when it has had all its runs', () => {
		const attempts = attemptsOf(2);
		expect([1, 2].map(() => attempts.recordOutcome([one], 'failed'))).toEqual(['keepReserved', 'moveToFailed']);
	});

	it('is left as long as one of its records has not had all its runs', () => {
		const attempts = attemptsOf(2);
		attempts.recordOutcome([one], 'failed');
		expect(attempts.recordOutcome([one, two], 'failed')).toBe('keepReserved');
		expect(attempts.recordOutcome([one, two], 'failed')).toBe('runSeparately');
	});

	it('says nothing about another record', () => {
		const attempts = attemptsOf(1);
		attempts.recordOutcome([one], 'failed');
		expect(attempts.isExhausted('1')).toBe(true);
		expect(attempts.isExhausted('2')).toBe(false);
		expect(attempts.group([two, three])).toEqual([[two, three]]);
	});

	it.each(['afterFinish', 'onReceipt'] as const)('is confirmed where the user wants it %s', (acknowledge) => {
		const attempts = attemptsOf(1, acknowledge);
		expect(attempts.recordOutcome([one], 'failed')).toBe('acknowledge');
		expect(attempts.isExhausted('1')).toBe(false);
	});
});

describe('a run that nobody knows the end of', () => {
	it.each(['afterSuccess', 'afterFinish', 'onReceipt'] as const)('is left, and never counts: %s', (acknowledge) => {
		const attempts = attemptsOf(1, acknowledge);
		expect([1, 2, 3].map(() => attempts.recordOutcome([one, two], 'unknown'))).toEqual([
			'keepReserved',
			'keepReserved',
			'keepReserved',
		]);
		expect(attempts.group([one, two])).toEqual([[one, two]]);
	});

	it('takes nothing back either', () => {
		const attempts = attemptsOf(2);
		attempts.recordOutcome([one], 'failed');
		attempts.recordOutcome([one], 'unknown');
		expect(attempts.recordOutcome([one], 'failed')).toBe('moveToFailed');
	});
});

describe('records that were handed out together', () => {
	it('run together', () => {
		expect(attemptsOf(3).group([two, one])).toEqual([[two, one]]);
	});

	it('make no run where there are none', () => {
		expect(attemptsOf(3).group([])).toEqual([]);
	});

	it('run without those that have had all their runs, which follow one at a time', () => {
		const attempts = attemptsOf(1);
		attempts.recordOutcome([one, three], 'failed');
		expect(attempts.group([one, two, three])).toEqual([[two], [one], [three]]);
		expect(attempts.group([three, one])).toEqual([[three], [one]]);
	});

	it('run one at a time where the user wants it', () => {
		expect(createRetryPolicy('perEvent', 'afterSuccess', 3).group([two, one])).toEqual([[two], [one]]);
	});
});

describe('a record that was put aside', () => {
	it('is given up, and begins anew should it be handed out again', () => {
		const attempts = attemptsOf(2);
		expect(attempts.isExhausted('1')).toBe(false);
		attempts.recordOutcome([one], 'failed');
		expect(attempts.isExhausted('1')).toBe(false);
		attempts.recordOutcome([one], 'failed');
		expect(attempts.isExhausted('1')).toBe(true);
		expect(attempts.recordOutcome([one], 'failed')).toBe('keepReserved');
	});
});
