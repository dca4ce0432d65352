import { isPrivateHost } from './isPrivateHost';

/**
 * Whether deliveries travel the internet unencrypted: Bitrix24 calls http addresses too, and each delivery carries tokens.
 *
 * @param url the webhook URL that n8n registers
 */
export function isReadableOnTheWay(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && !isPrivateHost(hostname);
}
