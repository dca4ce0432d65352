import type { IDataObject } from 'n8n-workflow';

import type { TransportResult, Transport } from '../../nodes/Bitrix24/api/client.js';

/** A transport that gives one reply after the other, and the last one for ever. */
export function scriptedTransport(...replies: [TransportResult, ...TransportResult[]]): {
	transport: Transport;
	sent: Array<{ url: string; parameters: IDataObject }>;
} {
	const sent: Array<{ url: string; parameters: IDataObject }> = [];
	const transport: Transport = async (url, parameters) => {
		sent.push({ url, parameters });
		return replies[Math.min(sent.length, replies.length) - 1] ?? replies[0];
	};
	return { transport, sent };
}

/** The portal answers a call. */
export function answered(status: number, body: unknown, location: string | null = null): TransportResult {
	return { answered: true, answer: { status, location, body } };
}

/** A renamed portal names its new address. */
export function redirected(location: string | null, status = 302): TransportResult {
	return answered(status, '', location);
}
