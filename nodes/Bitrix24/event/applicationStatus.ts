const meanings = new Map([
	['L', 'local'],
	['F', 'free'],
	['D', 'demo'],
	['T', 'trial'],
	['P', 'paid'],
	['S', 'subscription'],
]);

/**
 * The application's status in a word.
 *
 * @param letter `auth.status` as sent; outgoing webhooks send none
 * @returns the word, the letter itself when it is not a documented one, null when there is none
 */
export function applicationStatus(letter: string | undefined): string | null {
	return letter === undefined ? null : (meanings.get(letter) ?? letter);
}
