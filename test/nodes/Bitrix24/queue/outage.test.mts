import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { ApiFailure } from '../../../../nodes/Bitrix24/api/response.js';
import { createOutage } from '../../../../nodes/Bitrix24/queue/outage.js';

const now = Date.UTC(2025, 2, 24, 9, 0, 0);
const said = (failure: Partial<ApiFailure>) =>
	new ActionableError('What.', 'Remedy.', { status: null, code: 'NO_ANSWER', description: '', ...failure });
const silence = said({});
const revoked = said({ status: 401, code: 'NO_ACCESS' });
const denied = said({ status: 403, code: 'ACCESS_DENIED' });
const notInstalled = new ActionableError('Not installed.', 'Install it.');
const fault = new Error('undefined is not a function');
const warning = 'warn: What. Remedy.';

/** An outage, and what is told of it. */
function outage({ isUnattended = false } = {}) {
	const clock = { minutes: 0 };
	const told: string[] = [];
	const reported: unknown[] = [];
	const tell = {
		now: () => now,
		elapsed: () => clock.minutes * 60_000,
		isUnattended,
		warn: (message: string) => void told.push(`warn: ${message}`),
		info: (message: string) => void told.push(`info: ${message}`),
		report: (error: unknown) => void reported.push(error),
	};
	return { ...createOutage(tell), told, reported, clock };
}

it.each([
	[null, 'NO_ANSWER'],
	[200, 'UNREADABLE_ANSWER'],
	[503, 'QUERY_LIMIT_EXCEEDED'],
	[429, 'OPERATION_TIME_LIMIT'],
	[502, 'ANYTHING'],
])('what may pass is told once, and reported once when it has lasted for ten minutes: %p %s', (status, code) => {
	const { note, told, reported, clock } = outage();
	const error = said({ status, code });
	expect([1, 2, 3, 4, 5, 6].map(() => note(error))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
	for (clock.minutes = 1; clock.minutes < 10; clock.minutes++) note(error);
	expect([told, reported]).toEqual([[warning], []]);
	for (; clock.minutes < 30; clock.minutes++) note(error);
	expect([told, reported, note(error)]).toEqual([[warning], [error], 60_000]);
});

it.each([
	['revoked access', revoked],
	['a right that is missing', denied],
	['a portal that is gone, whatever its status', said({ status: 500, code: 'PORTAL_DELETED' })],
	['an app that is not installed', notInstalled],
	['a fault of ours', fault],
	['something thrown', 'a text'],
])('what somebody has to mend is reported at once and once: %s', (_, error) => {
	const { note, told, reported } = outage();
	expect([note(error), note(error), note(silence)]).toEqual([5_000, 10_000, 20_000]);
	expect([told, reported]).toEqual([[], [error]]);
});

describe('access that is refused while n8n itself starts the trigger', () => {
	it('may pass, and is reported once it has lasted for ten minutes', () => {
		const { note, told, reported, clock } = outage({ isUnattended: true });
		note(revoked);
		expect([told, reported]).toEqual([[warning], []]);
		clock.minutes = 10;
		note(revoked);
		expect(reported).toEqual([revoked]);
	});

	it('is reported at once where the portal could be used before', () => {
		const { note, over, reported } = outage({ isUnattended: true });
		over();
		note(revoked);
		expect(reported).toEqual([revoked]);
	});

	it.each([denied, fault, notInstalled])('is another thing than %s', (error) => {
		const { note, reported } = outage({ isUnattended: true });
		note(error);
		expect(reported).toEqual([error]);
	});
});

it.each([
	['left alone until then', 95_000, 95_000],
	['left alone for ten minutes at most', 3_600_000, 600_000],
	['given a little time where that is near', 1_000, 5_000],
	['given a little time where that is gone', -1_000, 5_000],
])('a portal that names the moment when it will listen again is %s', (_, inMs, pause) => {
	const limit = said({ status: 429, code: 'OPERATION_TIME_LIMIT', retryAt: now + inMs });
	expect(outage().note(limit)).toBe(pause);
});

it('the end of an outage is told once, and lets the next one be told and reported anew', () => {
	const { note, over, told, reported, clock } = outage();
	over();
	note(silence);
	clock.minutes = 9;
	note(revoked);
	over();
	over();
	clock.minutes = 18;
	expect(note(silence)).toBe(5_000);
	note(revoked);
	expect(told).toEqual([warning, 'info: The Bitrix24 queue can be read again.', warning]);
	expect(reported).toEqual([revoked, revoked]);
});
