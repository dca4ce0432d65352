import { isFresh } from '../../../../nodes/Bitrix24/webhook/verify.js';

const ts = '1742807199';
const sent = 1742807199_000;
const minutes = (count: number) => count * 60_000;

describe('isFresh', () => {
	it.each([undefined, '', 'yesterday', ts, '1'])('accepts %p where no age is set', (time) => {
		expect(isFresh(time, 0, sent + minutes(1_000_000))).toBe(true);
	});

	it('accepts a delivery up to the age that is set, and no older one', () => {
		expect(isFresh(ts, 10, sent)).toBe(true);
		expect(isFresh(ts, 10, sent + minutes(10))).toBe(true);
		expect(isFresh(ts, 10, sent + minutes(10) + 1)).toBe(false);
		expect(isFresh(ts, 0.5, sent + 30_000)).toBe(true);
		expect(isFresh(ts, 0.5, sent + 30_001)).toBe(false);
	});

	it('accepts a delivery up to five minutes ahead, however young it has to be', () => {
		expect(isFresh(ts, 1, sent - minutes(5))).toBe(true);
		expect(isFresh(ts, 1, sent - minutes(5) - 1)).toBe(false);
	});

	it.each([undefined, '', 'yesterday', '-1', '1e9'])('refuses %p, which is no time, where an age is set', (time) => {
		expect(isFresh(time, 1_000_000_000, sent)).toBe(false);
	});

	it.each([sent, sent + minutes(1)])('accepts none where the age is no number (%d)', (now) => {
		expect(isFresh(ts, NaN, now)).toBe(false);
	});
});
