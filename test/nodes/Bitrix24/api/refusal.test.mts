import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';

describe('Refusal', () => {
	it('says in its message what happened and what to do', () => {
		const refusal = new ActionableError('The app is gone.', 'Install it again.');
		expect(refusal).toBeInstanceOf(Error);
		expect(refusal.message).toBe('The app is gone. Install it again.');
		expect(refusal).toMatchObject({ problem: 'The app is gone.', remedy: 'Install it again.', failure: null });
	});

	it('keeps the failure behind it', () => {
		const failure = { status: 403, code: 'ACCESS_DENIED', description: 'no' };
		expect(new ActionableError('a', 'b', failure).failure).toBe(failure);
	});
});
