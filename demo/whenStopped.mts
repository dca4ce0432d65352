/**
 * Calls `stop` once, at the first signal to end: Ctrl+C, a closed terminal, an administrator. Those that follow do not
 * end us in the middle of it: npm passes on what the terminal has sent to us already.
 */
export function whenStopped(stop: () => void): void {
	let isStopping = false;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (isStopping) return;
			isStopping = true;
			stop();
		});
	}
}
