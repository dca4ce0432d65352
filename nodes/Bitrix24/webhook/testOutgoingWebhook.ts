import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';

import { readOutgoingWebhook } from '../api/readOutgoingWebhook';

/**
 * Tests what can be tested of an outgoing webhook's credential: its form. Bitrix24 answers no calls of an outgoing
 * webhook, so only a delivery can show whether the token is right, and the message says so.
 */
export function testOutgoingWebhook({ data }: ICredentialsDecrypted): INodeCredentialTestResult {
	try {
		const { tokens } = readOutgoingWebhook(data);
		const count = tokens.length === 1 ? 'One application token' : `${tokens.length} application tokens`;
		return { status: 'OK', message: `${count} saved. Only a delivery from Bitrix24 can show whether it is right.` };
	} catch (error) {
		return { status: 'Error', message: error instanceof Error ? error.message : 'The credential can not be read.' };
	}
}
