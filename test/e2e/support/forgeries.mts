import { randomBytes } from 'node:crypto';

import type { Purpose } from '../../../nodes/Bitrix24/applicationToken/challenge.js';
import { makeChallenge } from '../../../nodes/Bitrix24/applicationToken/challenge.js';
import type { Delivery, Forgery, Simulator } from '../../../simulator/index.mjs';

type Forged = Omit<Forgery, 'url'>;

const guess = (length: number): string => randomBytes(length / 2).toString('hex');

/** Everything about a portal and a trigger that is no secret. */
export interface Known {
	portal: Simulator;
	workflowId: string;
	nodeId: string;
	/** A server of the forger's, which every address in the forgeries leads to. */
	ownServer: string;
	/** What another app on the portal was sent, with a token of its own that the portal accepts. */
	otherApps: Delivery;
}

/** An `ONAPPTEST` with a challenge, sent with a token of the forger's own. */
export function forgedTest({ portal }: Pick<Known, 'portal'>, challenge: unknown): Forged {
	const auth = { ...portal.delivery('ONAPPTEST', {}).auth, access_token: guess(70), application_token: guess(32) };
	return { event: 'ONAPPTEST', data: { QUERY: { challenge }, LANGUAGE_ID: 'en' }, auth };
}

/** A challenge in the right form, made by somebody who knows all but the client secret. */
export function forgedChallenge({ portal, workflowId, nodeId }: Known, purpose: Purpose): string {
	const asker = { clientSecret: portal.app.clientId, memberId: portal.memberId, workflowId, nodeId };
	return makeChallenge(asker, purpose, Date.now(), guess(32));
}

/** What somebody can send who is not the portal, by what it consists of. */
export function forgeries(known: Known): Record<string, Forged> {
	const { portal, ownServer, otherApps } = known;
	const { auth } = portal.delivery('ONCRMLEADDELETE', {});
	const tokens = ['application_token', 'access_token'];
	const outsider = Object.fromEntries(Object.entries(auth).filter(([key]) => !tokens.includes(key)));
	const elsewhere = { domain: new URL(ownServer).host, client_endpoint: ownServer, server_endpoint: ownServer };
	return {
		'no token': { auth: outsider },
		'a guessed application token': { auth: { ...outsider, application_token: guess(32) } },
		'guessed tokens': { auth: { ...outsider, application_token: guess(32), access_token: guess(70) } },
		'guessed tokens and an address that accepts them': {
			auth: { ...outsider, ...elsewhere, application_token: guess(32), access_token: guess(70) },
		},
		'lists of tokens': { auth: { ...outsider, application_token: [guess(32), guess(32)], access_token: [guess(70)] } },
		'the tokens of another app on the portal': { auth: otherApps.form.auth },
		'a test without a challenge': forgedTest(known, undefined),
		'a test with a guessed challenge': forgedTest(known, `learn.${Date.now()}.${guess(32)}.${guess(64)}`),
		'a test with a challenge that is signed by another key': forgedTest(known, forgedChallenge(known, 'learn')),
		'a sample with a challenge that is signed by another key': forgedTest(known, forgedChallenge(known, 'sample')),
		'a test with a list of challenges': forgedTest(known, [forgedChallenge(known, 'learn')]),
	};
}
