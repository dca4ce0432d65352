import { summary } from '../../check/summary.mjs';

const lint = { name: 'lint', passed: true, seconds: 4.26, output: '' };
const tests = { name: 'all the tests', passed: false, seconds: 61, output: 'why' };

describe('summary', () => {
	it('names every step with its outcome and its time, and counts what failed', () => {
		expect(summary([lint, tests])).toBe(
			['ok      lint              4.3 s', 'FAILED  all the tests    61.0 s', '', '1 of 2 failed.'].join('\n'),
		);
	});

	it('says so when everything passed', () => {
		expect(summary([lint])).toBe(['ok      lint     4.3 s', '', 'Everything passed.'].join('\n'));
	});
});
