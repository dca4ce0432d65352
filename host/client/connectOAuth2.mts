import { decode } from 'html-entities';
import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';

const CALLBACK = '/rest/oauth2-credential/callback';
const MOST_REDIRECTS = 10;

/** What n8n's callback page reports, or undefined when it reports success. */
export function callbackFailure(page: string): string | undefined {
	if (!page.includes('Failed to connect')) return undefined;
	const message = /<h4>Error: ([^]*?)<\/h4>/.exec(page)?.[1]?.trim();
	const reason = /<pre class='reason'>([^]*?)<\/pre>/.exec(page)?.[1]?.trim();
	return decode([message ?? 'Failed to connect', reason].filter((part) => part !== undefined).join(': '));
}

/**
 * Does what a click on "Connect my account" does: asks n8n where to go, goes there, and comes back to n8n's callback
 * in the same browser, which n8n checks by a cookie.
 *
 * @throws when the callback reports a failure (with its words), or when the way does not lead back to n8n, as with a
 *   page that waits for a person's consent
 */
export async function connectOAuth2(session: N8nSession, credentialId: string): Promise<void> {
	let url = await session.get(`/rest/oauth2-credential/auth?id=${encodeURIComponent(credentialId)}`, z.string().url());

	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const response = await session.open(url);
		const page = await response.text();
		const next = response.headers.get('location');

		if (response.status >= 300 && response.status < 400 && next !== null) {
			url = new URL(next, url).href;
			continue;
		}
		if (!url.startsWith(`${session.url}${CALLBACK}`)) {
			throw new Error(
				`The way to connect the account ended at ${new URL(url).origin}${new URL(url).pathname} ` +
					`(HTTP ${response.status}) instead of n8n's callback: ${page.slice(0, 300)}`,
			);
		}
		const failure = callbackFailure(page);
		if (failure !== undefined) throw new Error(`n8n could not connect the account: ${failure}`);
		return;
	}
	throw new Error(`More than ${MOST_REDIRECTS} redirects on the way to connect the account`);
}
