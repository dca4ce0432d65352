/**
 * Decodes a key or a value of a form post, of any text at all. Never throws: an escape that is none stays as it is, and
 * bytes that are no UTF-8 become U+FFFD, as in a browser.
 *
 * @param encoded percent-encoded, with plus signs for spaces
 */
export function decodeForm(encoded: string): string {
	const text = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded;
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		// Not by URLSearchParams: beside a broken escape, Node's takes a character that is not encoded for another one.
		const bytes = Buffer.from(text).toString('latin1').replace(escapes, decodeByte);
		return Buffer.from(bytes, 'latin1').toString();
	}
}

const escapes = /%[\da-f]{2}/gi;

function decodeByte(escape: string): string {
	return String.fromCharCode(parseInt(escape.slice(1), 16));
}
