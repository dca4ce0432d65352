import { Refusal } from '../api/refusal';
import { isPrivateHost } from './isPrivateHost';

const howToMend =
	'Set the environment variable WEBHOOK_URL to the public address of this n8n, such as https://n8n.your-company.com/ (N8N_WEBHOOK_URL, where it is set, counts first), restart n8n and activate the workflow again. An n8n without a public address can use the Bitrix24 Queue Trigger instead.';

const cloudPortal = /\.bitrix24\.[a-z.]+$/;

/**
 * Refuses a webhook URL that Bitrix24 will not call: it takes http and https only, and no host without a dot. A private
 * address is refused for a portal in Bitrix24's cloud only: a self-hosted one may well reach it.
 *
 * @param url the webhook URL that n8n would register
 * @param portalOrigin the portal's address
 * @throws Refusal that says how to give n8n another one
 */
export function checkHandlerUrl(url: string, portalOrigin: string): void {
	if (!URL.canParse(url)) throw new Refusal(`The webhook URL of this n8n is not an address: ${url}.`, howToMend);
	const { protocol, hostname } = new URL(url);
	if (protocol !== 'http:' && protocol !== 'https:') {
		throw new Refusal(
			`Bitrix24 calls http and https addresses only, and the webhook URL of this n8n is ${url}.`,
			howToMend,
		);
	}
	const fromCloud = cloudPortal.test(new URL(portalOrigin).hostname);
	if (!hostname.includes('.') || (fromCloud && isPrivateHost(hostname))) {
		throw new Refusal(`Bitrix24 can not reach this n8n at ${url}: "${hostname}" is not a public address.`, howToMend);
	}
}
