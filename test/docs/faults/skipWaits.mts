/** A clock by which nobody waits. */
export interface Clock {
	/** Lets so much time pass at once. */
	skip(milliseconds: number): void;
	undo(): void;
}

const { now } = Date;

// One clock for the whole process: the package keeps a portal's pace by it, and an address comes again.
let skipped = 0;
const later = () => now() + skipped;

/**
 * Lets time pass whenever n8n's `sleep` waits for it, and at no other time: a wait of eight seconds takes none, and
 * `Date.now` is eight seconds later afterwards. Everything else takes as long as it takes.
 */
export function skipWaits(): Clock {
	const { setTimeout: patient } = globalThis;
	const skip = (milliseconds: number): void => {
		skipped += milliseconds;
	};
	const wait = <A extends unknown[]>(callback: (...args: A) => void, delay = 0, ...args: A) => {
		if (!isSleep()) return patient(callback, delay, ...args);
		return patient(() => {
			skip(delay);
			callback(...args);
		}, 0);
	};
	globalThis.setTimeout = Object.assign(wait, { __promisify__: patient.__promisify__ });
	Date.now = later;
	return {
		skip,
		undo() {
			globalThis.setTimeout = patient;
			Date.now = now;
		},
	};
}

/** Whether n8n's `sleep` waits: it calls `setTimeout` itself, so that the first few callers tell, and need no source maps. */
function isSleep(): boolean {
	const { stackTraceLimit, prepareStackTrace } = Error;
	Error.stackTraceLimit = 5;
	Error.prepareStackTrace = (_error, callers) => callers.map((caller) => caller.getFileName()).join();
	const { stack = '' } = new Error();
	Object.assign(Error, { stackTraceLimit, prepareStackTrace });
	return stack.includes('/@n8n/utils/');
}
