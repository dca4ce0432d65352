import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { exists } from '../exists.mjs';

/** A file whose presence says that something is complete. It is written last, so that what was interrupted lacks it. */
export class Mark {
	constructor(private readonly file: string) {}

	/** Whether it is there. */
	async exists(): Promise<boolean> {
		return await exists(this.file);
	}

	/** @param text for whoever looks into the file */
	async set(text: string): Promise<void> {
		await mkdir(dirname(this.file), { recursive: true });
		await writeFile(this.file, `${text}\n`);
	}

	/** Harmless when it is not there. */
	async clear(): Promise<void> {
		await rm(this.file, { force: true });
	}
}
