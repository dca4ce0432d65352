import { createQueueMemory, processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { memoryOf, Retries } from '../../../../nodes/Bitrix24/queue/retries.js';

const failed = { failures: 1, unknowns: 0, isFailed: false };

/** So many records, each of its own reservation or all of one. */
function waiting(count: number, reservations = count, unknowns = 0): Retries {
	const retries = new Retries();
	for (let id = 1; id <= count; id++) {
		retries.runAgain(String(id), { ...failed, unknowns, processId: `p${id % reservations}`, dueAt: id });
	}
	return retries;
}

describe('a record that runs again', () => {
	it('pauses until it is due', () => {
		const retries = new Retries();
		expect(retries.attemptsOf('1')).toEqual({ failures: 0, unknowns: 0 });
		retries.runAgain('1', { ...failed, processId: 'p', dueAt: 10 });
		expect(retries.attemptsOf('1')).toMatchObject({ failures: 1, unknowns: 0 });
		expect([9, 10].map((now) => retries.mayRun('1', now))).toEqual([false, true]);
		expect(retries.mayRun('2', 0)).toBe(true);
	});

	it('is due with its reservation, in the order of the queue', () => {
		const retries = new Retries();
		retries.runAgain('10', { ...failed, processId: 'later', dueAt: 1 });
		retries.runAgain('9', { ...failed, processId: 'sooner', dueAt: 2, isFailed: true });
		retries.runAgain('11', { ...failed, processId: 'sooner', dueAt: 2, isFailed: true });
		retries.runAgain('12', { ...failed, processId: 'pauses', dueAt: 3 });
		expect(retries.dueReservations(2)).toEqual([
			{ processId: 'sooner', isFailed: true },
			{ processId: 'later', isFailed: false },
		]);
	});

	it('is forgotten where the portal no longer has it', () => {
		const retries = waiting(3, 1);
		retries.runAgain('4', { ...failed, processId: 'another', dueAt: 0 });
		retries.keepOnly('p0', new Set(['2']));
		expect(['1', '2', '3', '4'].map((id) => retries.attemptsOf(id).failures)).toEqual([0, 1, 0, 1]);
	});

	it('runs no more once it has had all its runs, until it begins anew', () => {
		const retries = waiting(2);
		for (const id of ['1', '2']) retries.exhaust(id);
		expect(retries.attemptsOf('1').failures).toBe(0);
		retries.beginAnew(['1']);
		expect(['1', '2'].map((id) => retries.mayRun(id, 99))).toEqual([true, false]);
		retries.beginAnew();
		expect(retries.mayRun('2', 99)).toBe(true);
	});
});

describe('what waits', () => {
	it.each([
		[1_999, false],
		[2_000, true],
	])('is too much in a healthy queue with 2,000 records: %p', (count, isFull) => {
		const retries = waiting(count);
		expect(retries.isFull(() => true)).toBe(isFull);
		retries.noteOutcome(true);
		expect(retries.isFull(() => true)).toBe(true);
		retries.noteOutcome(false);
		expect(retries.isFull(() => true)).toBe(isFull);
	});

	it.each([
		[19, false],
		[20, true],
	])('is too much with 20 reservations while no run succeeds: %p', (reservations, isFull) => {
		const retries = waiting(100, reservations);
		retries.noteOutcome(true);
		expect(retries.isFull(() => true)).toBe(isFull);
		retries.noteOutcome(false);
		expect(retries.isFull(() => true)).toBe(false);
	});

	it('is not too much where it is what another trigger of the queue has left', () => {
		const retries = waiting(100, 20);
		retries.noteOutcome(true);
		expect(retries.isFull((processId) => processId !== 'p7')).toBe(false);
	});

	it('is never too much where nothing is known of its runs', () => {
		const retries = waiting(3_000, 3_000, 1);
		expect(retries.isFull(() => true)).toBe(false);
		retries.noteOutcome(true);
		expect(retries.isFull(() => true)).toBe(false);
	});
});

it('reports runs of which nothing is known once, until something is known of one', () => {
	const retries = new Retries();
	expect([retries.mayReportUnknowns(), retries.mayReportUnknowns()]).toEqual([true, false]);
	retries.noteOutcome(true);
	expect(retries.mayReportUnknowns()).toBe(true);
});

describe('memoryOf', () => {
	afterEach(() => processState.queueMemories.clear());

	it('outlives the trigger, and is another one for another queue', () => {
		new Retries(memoryOf('queue')).noteOutcome(true);
		expect(memoryOf('queue').isFailing).toBe(true);
		expect(memoryOf('another')).toEqual(createQueueMemory());
	});
});
