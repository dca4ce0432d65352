import type { OutgoingWebhook } from '../api/readOutgoingWebhook';
import type { Bitrix24Event } from '../event/parseEvent';
import { hashOf, isSameSecret } from './isSameSecret';
import type { Verdict } from './verdict';
import { unproven } from './verdict';

/**
 * Judges a delivery of an outgoing webhook: one of the credential's application tokens, and the portal if one is named.
 */
export function judgeOutgoingWebhook({ auth }: Bitrix24Event, { tokens, host }: OutgoingWebhook): Verdict {
	const delivered = auth.application_token;
	if (delivered === undefined) return unproven('it carries no application token');
	// Every token is compared, so that the time does not tell which one matched.
	const matches = tokens.filter((token) => isSameSecret(delivered, hashOf(token)));
	if (matches.length === 0) return unproven("its application token is none of the credential's");
	if (host !== null && auth.domain?.toLowerCase() !== host) {
		return { kind: 'refused', code: 'WRONG_PORTAL', reason: 'it comes from another portal than the credential names' };
	}
	return { kind: 'proven' };
}
