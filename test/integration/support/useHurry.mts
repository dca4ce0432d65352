/**
 * Makes every wait by `setTimeout` fifty times shorter in the tests of a file, those of n8n's `sleep` included: a
 * repetition that would wait for eight seconds waits for a sixth of one. Waits of the simulated portal are its own and
 * stay.
 */
export function useHurry(): void {
	const patient = globalThis.setTimeout;
	const hasty = <A extends unknown[]>(callback: (...args: A) => void, delay = 0, ...args: A) =>
		patient(callback, delay / 50, ...args);
	beforeAll(() => {
		globalThis.setTimeout = Object.assign(hasty, { __promisify__: patient.__promisify__ });
	});
	afterAll(() => {
		globalThis.setTimeout = patient;
	});
}
