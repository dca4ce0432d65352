/**
 * Where a renamed portal's REST lives now. It answers 302 with the same path at its new address; the access token goes
 * there too, so a step down to unencrypted http and any other path are not followed.
 *
 * @param url the address that was called
 * @param location the answer's Location header
 * @param method the REST method that was called
 * @returns the address to call instead and what stands before the method's name in it, null when there is none to follow
 */
export function nextAddress(
	url: string,
	location: string | null,
	method: string,
): { url: string; base: string } | null {
	if (location === null || !URL.canParse(location, url)) return null;
	const from = new URL(url);
	const to = new URL(location, url);
	const encrypted = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
	const path = new RegExp(`^/rest/${method.replaceAll('.', '\\.')}(?:\\.json)?$`);
	if (!encrypted || !path.test(to.pathname)) return null;
	return { url: to.toString(), base: `${to.origin}/rest/` };
}
