/**
 * Makes every wait by `setTimeout` fifty times shorter, those of n8n's `sleep` included: a repetition that would wait for
 * eight seconds waits for a sixth of one. Waits of the simulated portal are its own and stay.
 *
 * @returns puts things back
 */
export function hurry(): () => void {
	const patient = globalThis.setTimeout;
	const hasty = <A extends unknown[]>(callback: (...args: A) => void, delay = 0, ...args: A) =>
		patient(callback, delay / 50, ...args);
	globalThis.setTimeout = Object.assign(hasty, { __promisify__: patient.__promisify__ });
	return () => {
		globalThis.setTimeout = patient;
	};
}
