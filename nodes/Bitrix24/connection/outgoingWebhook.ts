import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod';

import { ActionableError } from '../api/errors';
import { menuPaths } from '../menuPaths';
import { comparableHost } from './portalUrl';

const credentialSchema = z.object({
	applicationToken: z.string().transform((text) => text.split(/[\s,]+/).filter((token) => token !== '')),
	portalUrl: z.string().trim().catch(''),
});

/** What an outgoing webhook's credential says. */
export interface OutgoingWebhook {
	/** At least one. */
	tokens: string[];
	/** The only portal to accept, as `comparableHost` writes it, null for any. */
	host: string | null;
}

/**
 * Reads the outgoing webhook credential: one token, or several separated by commas or line breaks.
 *
 * @param data the credential's decrypted data
 * @throws ActionableError when it holds no token, or a portal URL that is no address
 */
export function parseOutgoingWebhook(data: unknown): OutgoingWebhook {
	const read = credentialSchema.safeParse(data);
	if (!read.success || read.data.applicationToken.length === 0) {
		throw new ActionableError(
			'The Bitrix24 Outgoing Webhook API credential holds no application token.',
			`Copy it from the outgoing webhook's settings in Bitrix24 (${menuPaths.outgoingWebhook}).`,
		);
	}
	const { applicationToken: tokens, portalUrl } = read.data;
	if (portalUrl === '') return { tokens, host: null };
	const host = comparableHost(portalUrl);
	if (host === null) {
		throw new ActionableError(
			'The portal URL in the credential is not an address.',
			'Correct it, or leave it empty to accept any portal.',
		);
	}
	return { tokens, host };
}

/**
 * Tests what can be tested of an outgoing webhook's credential: its form. Bitrix24 answers no calls of an outgoing
 * webhook, so only a delivery can show whether the token is right, and the message says so.
 */
export function testOutgoingWebhook({ data }: ICredentialsDecrypted): INodeCredentialTestResult {
	try {
		const { tokens } = parseOutgoingWebhook(data);
		const count = tokens.length === 1 ? 'One application token' : `${tokens.length} application tokens`;
		return { status: 'OK', message: `${count} saved. Only a delivery from Bitrix24 can show whether it is right.` };
	} catch (error) {
		return { status: 'Error', message: error instanceof Error ? error.message : 'The credential cannot be read.' };
	}
}
