import { verdictOf } from '../../../../nodes/Bitrix24/queue/verdict';

describe('verdictOf', () => {
	it.each(['success', 'waiting'] as const)('takes %s for a success', (status) => {
		expect(verdictOf({ status })).toBe('succeeded');
	});

	it('takes an error for a failure', () => {
		expect(verdictOf({ status: 'error' })).toBe('failed');
	});

	it.each(['canceled', 'crashed', 'new', 'running', 'unknown'] as const)(
		'concludes nothing from %s, which does not speak against the events',
		(status) => {
			expect(verdictOf({ status })).toBe('unknown');
		},
	);

	it('concludes nothing from a run that n8n took for a double and did not start', () => {
		expect(verdictOf(undefined)).toBe('unknown');
	});
});
