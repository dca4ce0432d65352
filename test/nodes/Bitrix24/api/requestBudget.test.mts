import { createRequestBudget } from '../../../../nodes/Bitrix24/api/requestBudget.js';

function clockedBudget() {
	const clock = { now: 1_000_000 };
	const budget = createRequestBudget(() => clock.now);
	const times = (count: number, who?: string) =>
		Array.from({ length: count }, () => budget.take(who)).filter((taken) => taken).length;
	return { clock, times };
}

describe('createRequestBudget', () => {
	it('has ten requests within any minute', () => {
		const { clock, times } = clockedBudget();
		expect(times(4)).toBe(4);
		clock.now += 30_000;
		expect(times(100)).toBe(6);
		clock.now += 29_999;
		expect(times(1)).toBe(0);
		clock.now += 1;
		expect(times(100)).toBe(4);
	});

	it('leaves what there is to those who found none when they needed it first', () => {
		const { clock, times } = clockedBudget();
		times(10);
		expect(times(2, 'one') + times(1, 'other')).toBe(0);
		clock.now += 60_000;
		expect(times(20)).toBe(8);
		expect([times(1, 'other'), times(1), times(1, 'one'), times(1, 'one')]).toEqual([1, 0, 1, 0]);
	});

	it('does not wait for ever for one of them to come again', () => {
		const { clock, times } = clockedBudget();
		times(10);
		times(1, 'one');
		clock.now += 119_999;
		expect(times(20)).toBe(9);
		clock.now += 1;
		expect(times(20)).toBe(1);
	});

	it('counts no request for ever when the clock is set back', () => {
		const { clock, times } = clockedBudget();
		times(10);
		clock.now -= 3_600_000;
		expect(times(100)).toBe(10);
	});
});
