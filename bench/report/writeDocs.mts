import { readFile, writeFile } from 'node:fs/promises';

import { format, resolveConfig } from 'prettier';

/**
 * Puts a result in its place in a document: between `<!-- NAME -->` and the next `<!-- end -->`.
 *
 * @param file the document
 * @param name the place's
 * @param text Markdown
 * @throws when the document has no such place
 */
export async function writeDocs(file: string, name: string, text: string): Promise<void> {
	const document = await readFile(file, 'utf8');
	const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
	if (!place.test(document)) throw new Error(`${file} has no place for "${name}"`);
	const changed = document.replace(place, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
	await writeFile(file, await format(changed, { ...(await resolveConfig(file)), parser: 'markdown' }));
}
