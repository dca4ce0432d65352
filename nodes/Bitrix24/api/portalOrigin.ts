/**
 * The portal's address from what a person typed or pasted: spaces, a trailing slash and a path are forgiven, a missing
 * scheme means https, a given one stays.
 *
 * The credential's `authUrl` expression says the same in n8n's expression language; a test holds the two together.
 *
 * @param typed `https://your-company.bitrix24.com`, `your-company.bitrix24.com/crm/`, ` http://127.0.0.1:8024/ `
 * @returns `https://your-company.bitrix24.com`, null when it is no address
 */
export function portalOrigin(typed: string): string | null {
	const address = typed.trim();
	const withScheme = /^https?:\/\//i.test(address) ? address : `https://${address}`;
	if (!URL.canParse(withScheme)) return null;
	const { protocol, host } = new URL(withScheme);
	return `${protocol}//${host}`;
}
