/** What a command has written between `<!-- NAME -->` and the next `<!-- end -->` of a document. */
export function lookedUp(document: string, name: string): string {
	return new RegExp(`<!-- ${name} -->\n([^]*?)<!-- end -->`).exec(document)?.[1] ?? '';
}

/** A text without what only makes a table line up. */
export function plain(text: string): string {
	return text.replace(/-{3,}/g, '---').replace(/-+:/g, '---:').replace(/ +/g, ' ').trim();
}
