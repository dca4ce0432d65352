import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { ApiFailure } from '../../../../nodes/Bitrix24/api/response.js';
import { createOutage } from '../../../../nodes/Bitrix24/queue/outage.js';

const now = Date.UTC(2025, 2, 24, 9, 0, 0);
const said = (failure: Partial<ApiFailure>) =>
	new ActionableError('What.', 'Remedy.', { status: null, code: 'NO_ANSWER', description: '', ...failure });
const silence = said({});
const revoked = said({ status: 401, code: 'NO_ACCESS' });

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

describe('what may pass', () => {
	it.each([
		[null, 'NO_ANSWER'],
		[200, 'UNREADABLE_ANSWER'],
		[503, 'QUERY_LIMIT_EXCEEDED'],
		[503, 'OVERLOAD_LIMIT'],
		[429, 'OPERATION_TIME_LIMIT'],
		[500, 'INTERNAL_SERVER_ERROR'],
		[502, 'ANYTHING'],
	])('%p %s: is a warning, and asked for again after a short while', (status, code) => {
		const { note, told, reported } = outage();
		expect(note(said({ status, code }))).toBe(5_000);
		expect(told).toEqual(['warn: What. Remedy.']);
		expect(reported).toEqual([]);
	});

	it('is asked for less and less often, but once a minute', () => {
		const { note } = outage();
		expect([1, 2, 3, 4, 5, 6].map(() => note(silence))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
		for (let attempt = 6; attempt < 2_000; attempt++) note(silence);
		expect(note(silence)).toBe(60_000);
	});

	it('is told once, and reported once when it has lasted for ten minutes', () => {
		const { note, told, reported, clock } = outage();
		for (clock.minutes = 0; clock.minutes < 10; clock.minutes++) note(silence);
		expect([told, reported]).toEqual([['warn: What. Remedy.'], []]);
		note(silence);
		expect([told, reported]).toEqual([['warn: What. Remedy.'], [silence]]);
		for (; clock.minutes < 30; clock.minutes++) note(silence);
		expect([told, reported]).toEqual([['warn: What. Remedy.'], [silence]]);
	});
});

describe('access that is refused while n8n itself starts the trigger', () => {
	it('may pass, and is reported once it has lasted for ten minutes', () => {
		const { note, told, reported, clock } = outage({ isUnattended: true });
		note(revoked);
		expect([told, reported]).toEqual([['warn: What. Remedy.'], []]);
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

	it.each([
		['a right that is missing', said({ status: 403, code: 'ACCESS_DENIED' })],
		['a fault of ours', new Error('undefined is not a function')],
		['an app that is not installed', new ActionableError('Not installed.', 'Install it.')],
	])('is another thing than %s', (_, error) => {
		const { note, reported } = outage({ isUnattended: true });
		note(error);
		expect(reported).toEqual([error]);
	});
});

describe('what somebody has to mend', () => {
	it.each([
		['revoked access', revoked],
		['a right that is missing', said({ status: 403, code: 'ACCESS_DENIED' })],
		['a portal that is gone, whatever its status', said({ status: 500, code: 'PORTAL_DELETED' })],
		['an app that is not installed', new ActionableError('Not installed.', 'Install it.')],
		['a fault of ours', new Error('undefined is not a function')],
		['something thrown', 'a text'],
	])('%s: is reported at once and once, and looked at less and less often', (_, error) => {
		const { note, told, reported } = outage();
		expect([note(error), note(error), note(error)]).toEqual([5_000, 10_000, 20_000]);
		expect(told).toEqual([]);
		expect(reported).toEqual([error]);
	});

	it('is reported also where something that may pass came first', () => {
		const { note, reported } = outage();
		note(silence);
		note(revoked);
		note(silence);
		expect(reported).toEqual([revoked]);
	});

	it('does not warn of what comes after it', () => {
		const { note, told } = outage();
		note(revoked);
		note(silence);
		expect(told).toEqual([]);
	});
});

describe('a portal that names the moment when it will listen again', () => {
	const limit = (retryAt: number) => said({ status: 429, code: 'OPERATION_TIME_LIMIT', retryAt });

	it('is left alone until then', () => {
		expect(outage().note(limit(now + 95_000))).toBe(95_000);
	});

	it('is left alone for ten minutes at most', () => {
		expect(outage().note(limit(now + 3_600_000))).toBe(600_000);
	});

	it('is given a little time all the same where that moment is near or gone', () => {
		expect(outage().note(limit(now + 1_000))).toBe(5_000);
		expect(outage().note(limit(now - 1_000))).toBe(5_000);
	});
});

describe('the end of an outage', () => {
	it('is told, once', () => {
		const { note, over, told } = outage();
		note(silence);
		over();
		over();
		expect(told).toEqual(['warn: What. Remedy.', 'info: The Bitrix24 queue can be read again.']);
	});

	it('is not told where there was none', () => {
		const { over, told } = outage();
		over();
		expect(told).toEqual([]);
	});

	it('lets the next one be told and reported anew', () => {
		const { note, over, told, reported, clock } = outage();
		note(silence);
		clock.minutes = 9;
		note(revoked);
		over();
		clock.minutes = 18;
		expect(note(silence)).toBe(5_000);
		note(revoked);
		expect(told.filter((line) => line.startsWith('warn'))).toHaveLength(2);
		expect(reported).toEqual([revoked, revoked]);
	});
});

it('warns of something thrown that is no error by what it is', () => {
	const { note, told, reported } = outage();
	for (let attempt = 0; attempt < 2; attempt++) note('a text');
	expect(reported).toEqual(['a text']);
	expect(told).toEqual([]);
});
