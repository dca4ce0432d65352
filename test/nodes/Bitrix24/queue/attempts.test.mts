import type { Acknowledge } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { createAttempts } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const record = (id: number) => ({ ...queuedLead, ID: String(id), MESSAGE_ID: `message-${id}` });
const [one, two, three] = [record(1), record(2), record(3)];

function attemptsOf(maxAttempts: number, acknowledge: Acknowledge = 'afterSuccess') {
	return createAttempts('perBatch', acknowledge, maxAttempts);
}

describe('a run that succeeds', () => {
	it('is confirmed', () => {
		expect(attemptsOf(3).decide([one, two], 'succeeded')).toBe('confirm');
	});

	it('forgives what went before: its records begin anew', () => {
		const attempts = attemptsOf(2);
		attempts.decide([one], 'failed');
		attempts.decide([one], 'succeeded');
		expect(attempts.decide([one], 'failed')).toBe('leave');
	});
});

describe('a run that fails', () => {
	it('is left as often as records may run together, and then they run alone', () => {
		const attempts = attemptsOf(3);
		expect([1, 2, 3].map(() => attempts.decide([one, two], 'failed'))).toEqual(['leave', 'leave', 'runAlone']);
	});

	it('of a record that runs alone puts it aside', () => {
		const attempts = attemptsOf(1);
		attempts.decide([one, two], 'failed');
		expect(attempts.decide([one], 'failed')).toBe('putAside');
		expect(attempts.decide([two], 'succeeded')).toBe('confirm');
	});

	it('of a batch of one puts it aside when it has had all its runs', () => {
		const attempts = attemptsOf(2);
		expect([1, 2].map(() => attempts.decide([one], 'failed'))).toEqual(['leave', 'putAside']);
	});

	it('is left as long as one of its records has not had all its runs', () => {
		const attempts = attemptsOf(2);
		attempts.decide([one], 'failed');
		expect(attempts.decide([one, two], 'failed')).toBe('leave');
		expect(attempts.decide([one, two], 'failed')).toBe('runAlone');
	});

	it('says nothing about another record', () => {
		const attempts = attemptsOf(1);
		attempts.decide([one], 'failed');
		expect(attempts.isGivenUp('1')).toBe(true);
		expect(attempts.isGivenUp('2')).toBe(false);
		expect(attempts.group([two, three])).toEqual([[two, three]]);
	});

	it.each(['afterFinish', 'onReceipt'] as const)('is confirmed where the user wants it %s', (acknowledge) => {
		const attempts = attemptsOf(1, acknowledge);
		expect(attempts.decide([one], 'failed')).toBe('confirm');
		expect(attempts.isGivenUp('1')).toBe(false);
	});
});

describe('a run that nobody knows the end of', () => {
	it.each(['afterSuccess', 'afterFinish', 'onReceipt'] as const)('is left, and never counts: %s', (acknowledge) => {
		const attempts = attemptsOf(1, acknowledge);
		expect([1, 2, 3].map(() => attempts.decide([one, two], 'unknown'))).toEqual(['leave', 'leave', 'leave']);
		expect(attempts.group([one, two])).toEqual([[one, two]]);
	});

	it('takes nothing back either', () => {
		const attempts = attemptsOf(2);
		attempts.decide([one], 'failed');
		attempts.decide([one], 'unknown');
		expect(attempts.decide([one], 'failed')).toBe('putAside');
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
		attempts.decide([one, three], 'failed');
		expect(attempts.group([one, two, three])).toEqual([[two], [one], [three]]);
		expect(attempts.group([three, one])).toEqual([[three], [one]]);
	});

	it('run one at a time where the user wants it', () => {
		expect(createAttempts('perEvent', 'afterSuccess', 3).group([two, one])).toEqual([[two], [one]]);
	});
});

describe('a record that was put aside', () => {
	it('is given up, and begins anew should it be handed out again', () => {
		const attempts = attemptsOf(2);
		expect(attempts.isGivenUp('1')).toBe(false);
		attempts.decide([one], 'failed');
		expect(attempts.isGivenUp('1')).toBe(false);
		attempts.decide([one], 'failed');
		expect(attempts.isGivenUp('1')).toBe(true);
		expect(attempts.decide([one], 'failed')).toBe('leave');
	});
});
