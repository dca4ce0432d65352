import type { ApiFailure } from '../../../../nodes/Bitrix24/api/response.js';
import { retryDelay } from '../../../../nodes/Bitrix24/api/retry.js';

const now = Date.UTC(2025, 2, 24, 9, 0, 0);
const busy: ApiFailure = { status: 503, code: 'QUERY_LIMIT_EXCEEDED', description: 'Too many requests' };
const timeUsedUp = (retryAt: number): ApiFailure => ({
	status: 429,
	code: 'OPERATION_TIME_LIMIT',
	description: '',
	retryAt,
});

describe('retryDelay', () => {
	it('doubles the pause with each repeat, up to eight seconds', () => {
		expect([0, 1, 2, 3, 4, 5, 10].map((repeat) => retryDelay(repeat, busy, now))).toEqual([
			500, 1000, 2000, 4000, 8000, 8000, 8000,
		]);
	});

	it.each([
		[503, 'QUERY_LIMIT_EXCEEDED'],
		[503, 'OVERLOAD_LIMIT'],
		[429, 'OPERATION_TIME_LIMIT'],
		[null, 'NO_ANSWER'],
		[500, 'INTERNAL_SERVER_ERROR'],
		[500, 'SOMETHING_ELSE'],
		[200, 'UNREADABLE_ANSWER'],
		[504, 'UNREADABLE_ANSWER'],
	])('says that %p %s may pass', (status, code) => {
		expect(retryDelay(0, { status, code, description: '' }, now)).toBe(500);
	});

	it.each([
		[401, 'NO_ACCESS'],
		[403, 'ACCESS_DENIED'],
		[400, 'ERROR_CORE'],
		[500, 'PORTAL_DELETED'],
		[503, 'PORTAL_DELETED'],
	])('says that %p %s will not pass', (status, code) => {
		expect(retryDelay(0, { status, code, description: '' }, now)).toBeNull();
	});

	it.each([
		[503, 'QUERY_LIMIT_EXCEEDED', 500],
		[429, 'OPERATION_TIME_LIMIT', 500],
		[503, 'OVERLOAD_LIMIT', null],
		[null, 'NO_ANSWER', null],
		[500, 'INTERNAL_SERVER_ERROR', null],
		[502, 'UNREADABLE_ANSWER', null],
	])('retries nothing but what passes within seconds, where that is asked: %p %s', (status, code, pause) => {
		expect(retryDelay(0, { status, code, description: '' }, now, true)).toBe(pause);
	});

	it('waits as long as the portal says', () => {
		expect(retryDelay(0, timeUsedUp(now + 7_300), now)).toBe(7_300);
		expect(retryDelay(4, timeUsedUp(now + 15_000), now)).toBe(15_000);
	});

	it('waits no shorter than it would anyway', () => {
		expect(retryDelay(2, timeUsedUp(now + 100), now)).toBe(2_000);
		expect(retryDelay(0, timeUsedUp(now - 60_000), now)).toBe(500);
	});

	it('gives up where the portal names a time that is further off than fifteen seconds', () => {
		expect(retryDelay(0, timeUsedUp(now + 15_001), now)).toBeNull();
		expect(retryDelay(0, timeUsedUp(Infinity), now)).toBeNull();
	});
});
