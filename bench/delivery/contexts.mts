import { createHash } from 'node:crypto';

import { connectedApp } from '../../test/fakes/credentials.mjs';
import { given } from '../../test/fakes/deliver.mjs';
import { formOf, leadDeleted } from '../../test/fakes/delivery.mjs';
import type { Given } from '../../test/fakes/webhookContext.mjs';
import { formRequest, webhookContext } from '../../test/fakes/webhookContext.mjs';
import secrets from '../../test/fixtures/secrets.json' with { type: 'json' };

/** A deleted lead as an app's handler receives it, and the same as a form post. */
export const payload = leadDeleted();
export const form = formOf(payload);

/** SHA-256 of the right application token. */
export const tokenHash = createHash('sha256').update(secrets.applicationToken).digest();

const learned = {
	applicationToken: {
		hash: tokenHash.toString('hex'),
		taughtAt: 1,
		clientId: connectedApp.clientId,
		memberId: connectedApp.oauthTokenData.member_id,
	},
};

/** n8n's context of a delivery whose token the credential has, or an earlier delivery has taught. */
export function contextOf(token: 'given' | 'learned', changes: Given = {}) {
	return webhookContext({
		credentials: token === 'given' ? given : { bitrix24OAuth2Api: connectedApp },
		staticData: token === 'given' ? {} : learned,
		parameters: { authentication: 'oAuth2', events: ['ONCRMLEADDELETE'], otherEvents: [], simplify: true, options: {} },
		request: formRequest(form),
		...changes,
	});
}
