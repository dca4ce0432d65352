import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { canonicalCode } from '../../../../nodes/Bitrix24/event/codes.js';
import { challengeOf } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { formOf, testEvent } from '../../../fakes/delivery.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import type { Given } from '../../../fakes/webhookContext.mjs';
import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };
import type { Said } from './said.mjs';
import { saidByForm } from './said.mjs';

const { contactAdded, leadDeleted } = deliveries;

/** A delivery to begin with, and what is true of it. */
export interface Seed {
	body: string;
	applicationToken: string;
	memberId: string;
	domain: string;
}

/** A trigger in some state, and which deliveries may start its workflow. */
export interface Receiver {
	given: Given;
	mayStart(said: Said): boolean;
}

const sample = challengeOf('sample', Date.now() + 30_000);
const ofOurs = {
	applicationToken: secrets.applicationToken,
	memberId: connectedApp.oauthTokenData.member_id,
	domain: 'some-domain.bitrix24.com',
};

/** The learning challenge in one of the seeds. */
export const learnChallenge = challengeOf('learn', Date.now() + 30_000);

export const seeds: Seed[] = [
	{ ...contactAdded, domain: 'bitrix24-php-sdk-playground.bitrix24.com' },
	{ ...leadDeleted, domain: 'some-domain.bitrix24.com' },
	{ ...ofOurs, body: formOf(testEvent(learnChallenge)) },
	{ ...ofOurs, body: formOf(testEvent(sample)) },
];

const selected = ['ONCRMLEADDELETE', 'ONCRMCONTACTADD'];

function isSelected(said: Said): boolean {
	return selected.includes(canonicalCode(said('event') ?? ''));
}

function appOf({ memberId }: Seed, applicationToken = ''): Given['credentials'] {
	const oauthTokenData = { ...connectedApp.oauthTokenData, member_id: memberId };
	return { bitrix24OAuth2Api: { ...connectedApp, applicationToken, oauthTokenData } };
}

function webhookOf(applicationToken: string, portalUrl = ''): Pick<Given, 'credentials' | 'parameters'> {
	return {
		credentials: { bitrix24OutgoingWebhookApi: { applicationToken, portalUrl } },
		parameters: { events: selected, authentication: 'outgoingWebhook' },
	};
}

const never = () => false;
const other = secrets.otherApplicationToken;
const parameters = { events: selected };

/** Every state in which a trigger can be when a delivery comes. */
export const receivers: Record<string, (seed: Seed) => Receiver> = {
	tokenGiven: (seed) => ({
		given: { credentials: appOf(seed, seed.applicationToken), parameters },
		mayStart: (said) => isFrom(seed, said) && carries(said, seed.applicationToken) && isSelected(said),
	}),
	tokenLearned: (seed) => ({
		given: { credentials: appOf(seed), parameters, staticData: learnedOf(seed, seed.applicationToken) },
		mayStart: (said) => isFrom(seed, said) && carries(said, seed.applicationToken) && isSelected(said),
	}),
	tokenUnknown: (seed) => ({ given: { credentials: appOf(seed), parameters }, mayStart: never }),
	accessTokenAccepted: (seed) => {
		const portal = simulatedPortal();
		const accessToken = saidByForm(seed.body)('auth[access_token]') ?? '';
		portal.acceptToken(accessToken);
		return {
			given: { credentials: appOf(seed), parameters, portal },
			mayStart: (said) => isFrom(seed, said) && said('auth[access_token]') === accessToken && isSelected(said),
		};
	},
	anotherTokenGiven: (seed) => ({
		given: { credentials: appOf(seed, other), parameters },
		mayStart: (said) => isFrom(seed, said) && carries(said, other) && isSelected(said),
	}),
	anotherTokenLearned: (seed) => ({
		given: { credentials: appOf(seed), parameters, staticData: learnedOf(seed, other) },
		mayStart: (said) => isFrom(seed, said) && carries(said, other) && isSelected(said),
	}),
	listening: (seed) => ({
		given: { credentials: appOf(seed), parameters, mode: 'manual' },
		mayStart: (said) => isFrom(seed, said) && carriesChallenge(said, sample),
	}),
	outgoingWebhook: (seed) => ({
		given: webhookOf(`${other}, ${seed.applicationToken}`),
		mayStart: (said) => carries(said, seed.applicationToken, other) && isSelected(said),
	}),
	outgoingWebhookOfOnePortal: (seed) => ({
		given: webhookOf(seed.applicationToken, seed.domain),
		mayStart: (said) => carries(said, seed.applicationToken) && hostOf(said) === seed.domain && isSelected(said),
	}),
	anotherOutgoingWebhook: () => ({
		given: webhookOf(other),
		mayStart: (said) => carries(said, other) && isSelected(said),
	}),
	notConfigured: () => ({ given: { credentials: {}, parameters }, mayStart: never }),
};

function isFrom({ memberId }: Seed, said: Said): boolean {
	return said('auth[member_id]') === memberId;
}

/** One dot behind a host makes no difference. */
function hostOf(said: Said): string | undefined {
	return said('auth[domain]')?.toLowerCase().replace(/\.$/, '');
}

function carries(said: Said, ...tokens: string[]): boolean {
	return tokens.includes(said('auth[application_token]') ?? '');
}

/** Whether a delivery brings a challenge back in the event that is made for it. */
export function carriesChallenge(said: Said, challenge: string): boolean {
	return said('event')?.trim().toUpperCase() === 'ONAPPTEST' && said('data[QUERY][challenge]') === challenge;
}

function learnedOf({ memberId }: Seed, token: string): Given['staticData'] {
	// A challenge of the seeds must not be newer than what is known.
	const taughtAt = Date.now() + 60_000;
	return { applicationToken: { hash: hashOf(token), taughtAt, clientId: connectedApp.clientId, memberId } };
}
