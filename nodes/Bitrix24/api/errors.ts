import type { CredentialMismatch, ApiFailure } from './response';

/** Why something that the user asked for can not be done, in words for a person who writes no code. */
export class ActionableError extends Error {
	/**
	 * @param problem what happened, a sentence
	 * @param remedy what to do next, a sentence or two
	 * @param failure the REST failure behind it, if one is
	 */
	constructor(
		readonly problem: string,
		readonly remedy: string,
		readonly failure: ApiFailure | null = null,
	) {
		super(`${problem} ${remedy}`);
	}
}

type Advice = [what: string, remedy: string];

const reconnect = 'Open the Bitrix24 OAuth2 API credential and choose "Connect my account" again.';
const whereApps = 'In Bitrix24, open Developer resources > Integrations';

// Bitrix24's error codes (REST documentation, "Possible errors" and each method's page) -> what a person can do about them.
const adviceByCode: Record<string, (failure: ApiFailure) => Advice> = {
	NO_ACCESS: ({ mismatch }) =>
		mismatch
			? mismatchAdvice(mismatch)
			: [
					'Bitrix24 no longer accepts this connection: access was revoked, the app was removed, the connection is older than 180 days, or the network broke off while it was being renewed.',
					`${reconnect} If that does not work, compare client ID, client secret and portal URL with the app's card in Bitrix24.`,
				],
	NO_ANSWER: ({ description }) => [
		`Bitrix24 did not answer (${description}).`,
		'Check the portal URL and the authorization server in the credential, and that this n8n reaches them. If all is right, try again in a few minutes.',
	],
	UNREADABLE_ANSWER: ({ description }) => [
		`What answered at the portal URL is not the Bitrix24 REST API (${description}).`,
		'Check the portal URL in the credential: it is the address in your browser when you work in Bitrix24, such as https://your-company.bitrix24.com. If it is right, try again in a few minutes.',
	],
	insufficient_scope: () => [
		'The Bitrix24 app lacks a permission that this needs.',
		`${whereApps}, open the app and add the permission (for leads: CRM), save, and then connect the credential again.`,
	],
	user_access_error: () => [
		'The user who connected the credential may not use this Bitrix24 app.',
		'Ask an administrator of the portal to give the user access to the app, or connect the credential as an administrator.',
	],
	INVALID_CREDENTIALS: () => [
		'The user who connected the credential lacks the rights for this in Bitrix24.',
		'Connect the credential as an administrator of the portal.',
	],
	WRONG_AUTH_TYPE: () => [
		'Bitrix24 allows this only to an app.',
		'Use the client ID and client secret of a local application (not an incoming webhook) in the credential, and connect it again.',
	],
	PORTAL_DELETED: () => [
		'This Bitrix24 portal has been deleted.',
		'Enter another portal URL in the credential and connect it again.',
	],
	INVALID_REQUEST: () => [
		'Bitrix24 accepts REST calls over https only.',
		'Let the portal URL in the credential begin with https:// and connect it again.',
	],
	PAYMENT_REQUIRED: () => [
		'The subscription of this Bitrix24 app has run out.',
		'Renew it in Bitrix24, then try again.',
	],
	QUERY_LIMIT_EXCEEDED: () => [
		'Bitrix24 receives more requests from here than it allows (2 a second).',
		'Wait a minute and try again. If it happens often, activate fewer workflows at a time.',
	],
	OVERLOAD_LIMIT: () => [
		'Bitrix24 has blocked REST calls to this portal for overload.',
		'Ask Bitrix24 support, or try again later.',
	],
	OPERATION_TIME_LIMIT: ({ retryAt }) => [
		'Apps have used up the working time that Bitrix24 grants this portal.',
		retryAt === undefined
			? 'Try again in ten minutes.'
			: `Try again after ${new Date(retryAt).toISOString().slice(11, 16)} UTC.`,
	],
	WRONG_LICENSE: () => [
		"The portal's Bitrix24 plan does not include this.",
		'Offline events with reservation need a plan that has them; ask your Bitrix24 administrator.',
	],
	ERROR_WRONG_HANDLER_URL: () => [
		"Bitrix24 does not accept this n8n's webhook URL.",
		'It must be a public address. Set WEBHOOK_URL to the address at which n8n is reached from the internet, and restart n8n.',
	],
};

const plans = /commercial plan|plan|tariff|licen[cs]e|subscription/i;

/**
 * Puts a failed REST call into words.
 *
 * @param failure why the call came to nothing
 * @returns what to throw
 */
export function toActionableError(failure: ApiFailure): ActionableError {
	const [what, remedy] = adviceFor(failure);
	return new ActionableError(what, remedy, failure);
}

function adviceFor(failure: ApiFailure): Advice {
	const code = failure.status === 401 ? 'NO_ACCESS' : failure.code;
	if (code === 'ACCESS_DENIED') return accessDenied(failure);
	const advice = Object.hasOwn(adviceByCode, code) ? adviceByCode[code] : undefined;
	if (advice) return advice(failure);
	const said = failure.description === '' ? code : `${code}, "${failure.description}"`;
	if (failure.status !== null && failure.status >= 500) {
		return [
			`Bitrix24 could not do this at the moment (${said}).`,
			'Try again in a few minutes. If it stays so, ask Bitrix24 support.',
		];
	}
	return [
		`Bitrix24 refused: ${said}.`,
		'Look the code up in the Bitrix24 REST documentation, or ask your Bitrix24 administrator.',
	];
}

function mismatchAdvice({ about, connected, entered }: CredentialMismatch): Advice {
	return about === 'portal'
		? [
				`The credential is connected with the portal ${connected}, but its portal URL names ${entered}, which does not accept that connection.`,
				'Open the Bitrix24 OAuth2 API credential, enter the URL of the portal that you mean and choose "Connect my account" again.',
			]
		: [
				`Access to this portal is handed out by ${connected}, but the credential asks ${entered} for it.`,
				`Open the Bitrix24 OAuth2 API credential, enter ${connected} as authorization server and choose "Connect my account" again.`,
			];
}

// One code, two meanings, told apart by Bitrix24's own words only.
function accessDenied({ description }: ApiFailure): Advice {
	if (plans.test(description)) {
		return [
			"The portal's Bitrix24 plan does not include the REST API.",
			'The REST API is available on commercial plans and in their trial period only: upgrade the plan, then try again.',
		];
	}
	return [
		'Bitrix24 denied access: only an administrator, or only an app, may do this.',
		`Connect the credential as an administrator of the portal, with the client ID and client secret of a local application.`,
	];
}
