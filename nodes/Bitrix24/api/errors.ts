import { menuPaths } from '../menuPaths';
import type { ApiFailure, CredentialMismatch } from './response';

/** An error that a person can do something about, in words for one who writes no code. */
export class ActionableError extends Error {
	/**
	 * @param problem what happened, a sentence
	 * @param remedy what to do next, a sentence or two
	 * @param failure the failed REST call behind it, if there is one
	 */
	constructor(
		problem: string,
		readonly remedy: string,
		readonly failure: ApiFailure | null = null,
	) {
		super(`${problem} ${remedy}`);
	}
}

/** What a REST error code means. */
export interface ErrorMeaning {
	/** Whether it passes by itself: within seconds, within minutes or hours, or not until somebody mends it. */
	passes: 'soon' | 'later' | 'never';
	/** The portal no longer knows the app, so that nothing is left of what the app has bound. */
	appGone?: true;
	/** The call may have been carried out all the same. */
	mayHaveHappened?: true;
}

type Text = string | ((failure: ApiFailure) => string);

interface ErrorCode extends ErrorMeaning {
	problem: Text;
	remedy: Text;
}

const reconnect = 'choose "Connect my account" again.';

// The one place that knows Bitrix24's error codes (REST documentation, "Possible errors" and each method's page) and our
// own three. A new code is one row.
const errorCodes: Record<string, ErrorCode> = {
	NO_ACCESS: {
		passes: 'never',
		appGone: true,
		problem: ({ mismatch }) =>
			mismatch
				? mismatchProblem(mismatch)
				: 'Bitrix24 no longer accepts this connection: access was revoked, the app was removed, the connection is older than 180 days, or the network broke off while it was being renewed.',
		remedy: ({ mismatch }) =>
			mismatch
				? mismatchRemedy(mismatch)
				: `Open the Bitrix24 OAuth2 API credential and ${reconnect} If that does not work, compare client ID, client secret and portal URL with the app's card in Bitrix24.`,
	},
	NO_ANSWER: {
		passes: 'later',
		mayHaveHappened: true,
		problem: ({ description }) => `Bitrix24 did not answer (${description}).`,
		remedy:
			'Check the portal URL and the authorization server in the credential, and that this n8n reaches them. If all is right, try again in a few minutes.',
	},
	UNREADABLE_ANSWER: {
		passes: 'later',
		mayHaveHappened: true,
		problem: ({ description }) => `What answered at the portal URL is not the Bitrix24 REST API (${description}).`,
		remedy:
			'Check the portal URL in the credential: it is the address in your browser when you work in Bitrix24, such as https://your-company.bitrix24.com. If it is right, try again in a few minutes.',
	},
	ACCESS_DENIED: {
		passes: 'never',
		problem: (failure) =>
			concernsPlan(failure)
				? "The portal's Bitrix24 plan does not include the REST API."
				: 'Bitrix24 denied access: only an administrator, or only an app, may do this.',
		remedy: (failure) =>
			concernsPlan(failure)
				? 'The REST API is available on commercial plans and in their trial period only: upgrade the plan, then try again.'
				: 'Connect the credential as an administrator of the portal, with the client ID and client secret of a local application.',
	},
	insufficient_scope: {
		passes: 'never',
		problem: 'The Bitrix24 app lacks a permission that this needs.',
		remedy: `In Bitrix24, open ${menuPaths.apps}, open the app and add the permission (for leads: CRM), save, and then connect the credential again.`,
	},
	user_access_error: {
		passes: 'never',
		problem: 'The user who connected the credential may not use this Bitrix24 app.',
		remedy:
			'Ask an administrator of the portal to give the user access to the app, or connect the credential as an administrator.',
	},
	INVALID_CREDENTIALS: {
		passes: 'never',
		problem: 'The user who connected the credential lacks the rights for this in Bitrix24.',
		remedy: 'Connect the credential as an administrator of the portal.',
	},
	WRONG_AUTH_TYPE: {
		passes: 'never',
		problem: 'Bitrix24 allows this only to an app.',
		remedy:
			'Use the client ID and client secret of a local application (not an incoming webhook) in the credential, and connect it again.',
	},
	PORTAL_DELETED: {
		passes: 'never',
		appGone: true,
		problem: 'This Bitrix24 portal has been deleted.',
		remedy: 'Enter another portal URL in the credential and connect it again.',
	},
	INVALID_REQUEST: {
		passes: 'never',
		problem: 'Bitrix24 accepts REST calls over https only.',
		remedy: 'Let the portal URL in the credential begin with https:// and connect it again.',
	},
	PAYMENT_REQUIRED: {
		passes: 'never',
		problem: 'The subscription of this Bitrix24 app has run out.',
		remedy: 'Renew it in Bitrix24, then try again.',
	},
	// Over the rate and over the working time, nothing was executed.
	QUERY_LIMIT_EXCEEDED: {
		passes: 'soon',
		problem: 'Bitrix24 receives more requests from here than it allows (2 a second).',
		remedy: 'Wait a minute and try again. If it happens often, activate fewer workflows at a time.',
	},
	OPERATION_TIME_LIMIT: {
		passes: 'soon',
		problem: 'Apps have used up the working time that Bitrix24 grants this portal.',
		remedy: ({ retryAt }) =>
			retryAt === undefined
				? 'Try again in ten minutes.'
				: `Try again after ${new Date(retryAt).toISOString().slice(11, 16)} UTC.`,
	},
	OVERLOAD_LIMIT: {
		passes: 'later',
		problem: 'Bitrix24 has blocked REST calls to this portal for overload.',
		remedy: 'Ask Bitrix24 support, or try again later.',
	},
	WRONG_LICENSE: {
		passes: 'never',
		problem: "The portal's Bitrix24 plan does not include this.",
		remedy: 'Offline events with reservation need a plan that has them; ask your Bitrix24 administrator.',
	},
	ERROR_WRONG_HANDLER_URL: {
		passes: 'never',
		problem: "Bitrix24 does not accept this n8n's webhook URL.",
		remedy:
			'It must be a public address. Set WEBHOOK_URL to the address at which n8n is reached from the internet, and restart n8n.',
	},
};

const temporary: ErrorCode = {
	passes: 'later',
	mayHaveHappened: true,
	problem: (failure) => `Bitrix24 could not do this at the moment (${quoted(failure)}).`,
	remedy: 'Try again in a few minutes. If it stays so, ask Bitrix24 support.',
};

const refused: ErrorCode = {
	passes: 'never',
	problem: (failure) => `Bitrix24 refused: ${quoted(failure)}.`,
	remedy: 'Look the code up in the Bitrix24 REST documentation, or ask your Bitrix24 administrator.',
};

/** What a failure means for whoever wants to retry, clean up or wait. */
export function meaningOf(failure: ApiFailure): ErrorMeaning {
	return errorCodeOf(failure);
}

// What says, without a word, that a record is not there for whoever asks.
const noRecordCodes = new Set(['NOT_FOUND', 'ACCESS_DENIED']);

/**
 * What the failure of a look-up says of the records: that there are none to be read (`refused`: for a reason that somebody
 * should know), or nothing yet. A refusal (4xx) stands; a refused access token, too much at once, a fault of the portal's
 * and what is no answer of REST at all may pass.
 */
export function lookupMeaning({ status, code }: ApiFailure): 'none' | 'refused' | 'unanswered' {
	const isRefusal = status !== null && status >= 400 && status < 500 && status !== 401 && status !== 429;
	if (!isRefusal || code === 'UNREADABLE_ANSWER') return 'unanswered';
	return noRecordCodes.has(code) ? 'none' : 'refused';
}

/** The error to throw for a failed REST call: what happened, and what to do about it. */
export function toActionableError(failure: ApiFailure): ActionableError {
	const { problem, remedy } = errorCodeOf(failure);
	const written = (text: Text) => (typeof text === 'string' ? text : text(failure));
	return new ActionableError(written(problem), written(remedy), failure);
}

/** A code that stands in the table, else what its HTTP status says. */
function errorCodeOf({ status, code }: ApiFailure): ErrorCode {
	const known = status === 401 ? 'NO_ACCESS' : code;
	const row = Object.hasOwn(errorCodes, known) ? errorCodes[known] : undefined;
	return row ?? (status === null || status >= 500 ? temporary : refused);
}

function quoted({ code, description }: ApiFailure): string {
	return description === '' ? code : `${code}, "${description}"`;
}

function mismatchProblem({ about, connected, entered }: CredentialMismatch): string {
	return about === 'portal'
		? `The credential is connected with the portal ${connected}, but its portal URL names ${entered}, which does not accept that connection.`
		: `Access to this portal is handed out by ${connected}, but the credential asks ${entered} for it.`;
}

function mismatchRemedy({ about, connected }: CredentialMismatch): string {
	const field = about === 'portal' ? 'the URL of the portal that you mean' : `${connected} as authorization server`;
	return `Open the Bitrix24 OAuth2 API credential, enter ${field} and ${reconnect}`;
}

// One code with two meanings, which only Bitrix24's own words tell apart.
function concernsPlan({ description }: ApiFailure): boolean {
	return /commercial plan|plan|tariff|licen[cs]e|subscription/i.test(description);
}
