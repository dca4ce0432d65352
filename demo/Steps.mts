import ora from 'ora';

/** Without a terminal, how often a line about a long step is printed. */
const LINE_EVERY_MS = 10_000;

/** Tells, on standard error, what is being done, how far it is, and how long it took. */
export class Steps {
	/**
	 * @param title what is done, e.g. "Starting n8n"
	 * @param act gets a function that shows how far it is
	 * @param outcome what stands there in the end
	 */
	async run<T>(
		title: string,
		act: (tell: (text: string) => void) => Promise<T>,
		outcome: (result: T) => string,
	): Promise<T> {
		const began = Date.now();
		let lastLine = began;
		// Keys stay usable: Ctrl+C must reach us.
		const spinner = ora({ text: title, discardStdin: false }).start();
		const tell = (text: string) => {
			spinner.text = text;
			if (!spinner.isSpinning && Date.now() - lastLine >= LINE_EVERY_MS) {
				lastLine = Date.now();
				console.error(`  ${text}`);
			}
		};
		try {
			const result = await act(tell);
			const text = `${outcome(result)} (${((Date.now() - began) / 1000).toFixed(1)} s)`;
			// In a file, what colours a tick on a terminal is in the way.
			if (process.stderr.isTTY) spinner.succeed(text);
			else spinner.stopAndPersist({ symbol: '✔', text });
			return result;
		} catch (error) {
			spinner.fail(title);
			throw error;
		}
	}
}
