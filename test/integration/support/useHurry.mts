/** How much faster than real time waits pass. */
const FACTOR = 100;

/**
 * Makes every wait by `setTimeout` a hundred times shorter in the tests of a file, those of n8n's `sleep` included: a
 * repetition that would wait for eight seconds waits for a twelfth of one. The simulated portal's own waits stay, and so
 * does the time that a request has for its answer: what is in between takes as long as it takes.
 *
 * @param clock whether `Date.now` and `performance.now` run as fast, for work that looks at the clock between its waits. A portal that is
 * started meanwhile goes by that clock.
 */
export function useHurry({ clock = false } = {}): void {
	const patient = globalThis.setTimeout;
	const { now } = Date;
	const begun = now();
	const elapsed = performance.now.bind(performance);
	const elapsedBefore = elapsed();
	const hasty = <A extends unknown[]>(callback: (...args: A) => void, delay = 0, ...args: A) =>
		patient(callback, isOfRequest() ? delay : delay / FACTOR, ...args);
	beforeAll(() => {
		globalThis.setTimeout = Object.assign(hasty, { __promisify__: patient.__promisify__ });
		if (!clock) return;
		Date.now = () => Math.floor(begun + (now() - begun) * FACTOR);
		performance.now = () => elapsedBefore + (elapsed() - elapsedBefore) * FACTOR;
	});
	afterAll(() => {
		globalThis.setTimeout = patient;
		Date.now = now;
		performance.now = elapsed;
	});
}

/** Whether n8n's HTTP client asks: it measures by `setTimeout` how long a request takes. */
function isOfRequest(): boolean {
	return new Error().stack?.includes('/node_modules/axios/') === true;
}
