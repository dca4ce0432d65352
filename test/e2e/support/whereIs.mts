import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What n8n never writes to: the installed packages. */
const PACKAGES = join('.n8n', 'nodes');

async function filesOf(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * Where a text stands in everything that n8n has written: its database (SQLite keeps texts as they are, in the file or
 * in the log beside it), its log files, its files of binary data.
 *
 * @param userFolder n8n's user folder
 * @returns the files
 */
export async function whereIs(text: string, userFolder: string): Promise<string[]> {
	const found: string[] = [];
	for (const file of await filesOf(userFolder)) {
		if (file.startsWith(join(userFolder, PACKAGES))) continue;
		if ((await readFile(file)).includes(text)) found.push(file.slice(userFolder.length + 1));
	}
	return found;
}
