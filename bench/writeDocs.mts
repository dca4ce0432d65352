import { readFile, writeFile } from 'node:fs/promises';

import { format, resolveConfig } from 'prettier';

/** Puts a text between `<!-- NAME -->` and the next `<!-- end -->` of a document. @throws when it has no such place */
export async function writeDocs(file: string, name: string, text: string): Promise<void> {
	const document = await readFile(file, 'utf8');
	const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
	if (!place.test(document)) throw new Error(`${file} has no place for "${name}"`);
	const changed = document.replace(place, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
	await writeFormatted(file, changed);
}

/** Writes a file as `npm run format` would leave it. */
export async function writeFormatted(file: string, text: string): Promise<void> {
	await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
