/** What has to be undone in the end, in the opposite order. */
export class Cleanup {
	#undo: Array<() => unknown> = [];

	#running: Promise<void> | undefined;

	/** Remembers how something is undone. */
	add(undo: () => unknown): void {
		this.#undo.push(undo);
	}

	/** Whether `run` was called. */
	get begun(): boolean {
		return this.#running !== undefined;
	}

	/** Undoes everything, once. One that throws does not keep the others from being undone. */
	async run(): Promise<void> {
		this.#running ??= this.#undoAll();
		await this.#running;
	}

	async #undoAll(): Promise<void> {
		for (const undo of this.#undo.reverse()) {
			try {
				await undo();
			} catch (error) {
				console.error(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	}
}
