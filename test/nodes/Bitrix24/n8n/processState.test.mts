import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';

describe.each([
	['portalAddresses', 500],
	['unfinishedActivations', 1_000],
] as const)('%s', (name, max) => {
	const state = processState[name];
	afterEach(() => state.clear());

	it(`holds ${max} entries, and drops the one that was set longest ago for another`, () => {
		for (let entry = 1; entry <= max; entry++) state.set(String(entry), 'first');
		state.set('1', 'again');
		state.set('one more', 'first');
		expect(state.size).toBe(max);
		expect([state.get('1'), state.get('2'), state.get('3')]).toEqual(['again', undefined, 'first']);
	});
});
