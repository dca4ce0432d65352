import fc from 'fast-check';

import { bitrixBoolean, bitrixTrue, parseResponse } from '../../../../nodes/Bitrix24/api/response.js';

const time = { start: 1742807199.1, finish: 1742807199.2, operating_reset_at: 1742807799 };

describe('parseResponse', () => {
	it.each([
		['a value', { result: { ID: '7' }, time }, { ID: '7' }],
		['a list', { result: ['ONCRMLEADADD'], time }, ['ONCRMLEADADD']],
		['no', { result: false }, false],
		['zero', { result: 0 }, 0],
		['null', { result: null }, null],
		['an empty text', { result: '' }, ''],
	])('reads a result that is %s', (_name, body, result) => {
		expect(parseResponse(200, body)).toEqual({ ok: true, result });
	});

	it.each([
		['with words', { error: 'X', error_description: 'no' }, { status: 403, code: 'X', description: 'no' }],
		['beside a result', { error: 'X', result: true }, { status: 403, code: 'X', description: '' }],
		['without words', { error: 'X' }, { status: 403, code: 'X', description: '' }],
		['with words that are no text', { error: 'X', error_description: [] }, { status: 403, code: 'X', description: '' }],
		['with a number', { error: 0, error_description: 'a' }, { status: 403, code: '0', description: 'a' }],
		['without a code', { error: '' }, { status: 403, code: 'UNREADABLE_ANSWER', description: '' }],
	])('reads a refusal %s', (_name, body, failure) => {
		expect(parseResponse(403, body)).toEqual({ ok: false, failure });
	});

	it('reads when the portal will listen again', () => {
		const body = { error: 'OPERATION_TIME_LIMIT', error_description: 'Method is blocked', time };
		expect(parseResponse(429, body)).toMatchObject({ failure: { retryAt: 1742807799_000 } });
	});

	it.each([
		['no time', undefined],
		['another time', { start: 1 }],
		['no number', { operating_reset_at: 'soon' }],
		['zero', { operating_reset_at: 0 }],
		['a second that no date can name', { operating_reset_at: 8_640_000_000_001 }],
	])('knows of no such moment where the answer has %s', (_name, sent) => {
		const answer = parseResponse(429, { error: 'OPERATION_TIME_LIMIT', time: sent });
		expect(answer).toEqual({ ok: false, failure: { status: 429, code: 'OPERATION_TIME_LIMIT', description: '' } });
	});

	it.each([
		['a page', 200, '<html>Log in</html>'],
		['nothing', 200, null],
		['a list', 200, []],
		['JSON of another kind', 200, { status: 'ok' }],
		['a result with a status that is none', 300, { result: true }],
		['a result with the status of a fault', 500, { result: true }],
		['an error that is a map', 404, { error: { code: 7 } }],
	])('cannot read %s', (_name, status, body) => {
		expect(parseResponse(status, body)).toEqual({
			ok: false,
			failure: {
				status,
				code: 'UNREADABLE_ANSWER',
				description: `HTTP ${status}, not an answer of the REST API`,
			},
		});
	});

	it('never throws, whatever a server answers', () => {
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 599 }), fc.anything(), (status, body) => {
				const answer = parseResponse(status, body);
				expect(answer.ok || answer.failure.status === status).toBe(true);
			}),
		);
	});
});

describe('bitrixBoolean', () => {
	it.each([true, 1, 'Y', 'y', '1', 'true', 'TRUE'])('reads %p as yes', (value) => {
		expect(bitrixBoolean.parse(value)).toBe(true);
	});

	it.each([false, 0, 2, 'N', '', '0', 'false', 'yes', 'Yo', 'aY', '11', ' Y', null])('reads %p as no', (value) => {
		expect(bitrixBoolean.parse(value)).toBe(false);
	});

	it.each([undefined, {}, [], NaN])('takes %p for none', (value) => {
		expect(bitrixBoolean.safeParse(value).success).toBe(false);
	});
});

describe('bitrixTrue', () => {
	it.each([true, 1, '1', 'true', 'Y'])('takes %j for done', (result) => {
		expect(bitrixTrue.safeParse(result).success).toBe(true);
	});

	it.each([false, 0, 7, 'N', '', null, undefined, {}, [], { count: 1 }])('does not take %j for done', (result) => {
		expect(bitrixTrue.safeParse(result).success).toBe(false);
	});
});
