import type { Bitrix24Event } from '../event/parseEvent';
import { isMap } from '../event/tree';
import type { Challenge } from '../subscription/challenge';
import type { LearnedToken } from '../subscription/learnedToken';
import { testEventCode } from '../subscription/testEventCode';
import { hashOf, isSameSecret } from './isSameSecret';
import type { Verdict } from './verdict';
import { unproven } from './verdict';

/** What a trigger of an OAuth2 app knows, and can find out, about its portal. */
export interface AppKnowledge {
	memberId: string;
	/** The application token that the user entered, null when it is to be learned. */
	givenToken: string | null;
	learned: LearnedToken | null;
	/** Whether the editor is listening for a test event. */
	isListening: boolean;
	/** Recognizes a challenge of this trigger's own. */
	readChallenge(value: string): Challenge | null;
	/** Whether the portal itself accepts this access token for this very app. */
	acceptsAccessToken(accessToken: string): Promise<boolean>;
}

/**
 * Judges a delivery to a registered handler. Fails closed: what proves nothing is refused.
 *
 * The application token proves a delivery. As long as it is not known, only our own challenge that comes back (and then
 * teaches it), or an access token that the portal accepts, does.
 */
export async function judgeApp(event: Bitrix24Event, known: AppKnowledge): Promise<Verdict> {
	const { application_token: token, member_id: memberId, access_token: accessToken } = event.auth;
	if (token === undefined) return unproven('it carries no application token');
	if (memberId !== known.memberId) {
		return { kind: 'refused', code: 'WRONG_PORTAL', reason: 'it comes from another portal than the credential' };
	}
	const challenge = challengeOf(event, known);
	const isSample = known.isListening && challenge?.purpose === 'sample';
	if (known.givenToken !== null) {
		if (!isSameSecret(token, hashOf(known.givenToken))) {
			if (isSample) return { kind: 'outdated' };
			return unproven("its application token is not the credential's (reinstalling an app changes it)");
		}
		return { kind: isSample ? 'sample' : 'proven' };
	}
	if (isSample) return { kind: 'sample' };
	if (teaches(challenge, known)) return { kind: 'taught', hash: hashOf(token), taughtAt: challenge.issuedAt };
	if (known.learned !== null) {
		if (isSameSecret(token, known.learned.hash)) return { kind: 'proven' };
		return unproven('its application token is not the one that this app has (reinstalling an app changes it)');
	}
	if (accessToken !== undefined && (await known.acceptsAccessToken(accessToken))) return { kind: 'proven' };
	return unproven('the application token is not known yet, and the event does not prove itself by an access token');
}

function challengeOf({ code, data }: Bitrix24Event, { readChallenge }: AppKnowledge): Challenge | null {
	if (code !== testEventCode || !isMap(data) || !isMap(data.QUERY)) return null;
	const value = data.QUERY.challenge;
	return typeof value === 'string' ? readChallenge(value) : null;
}

/** One that is not newer than the one that taught the token teaches nothing any more. */
function teaches(challenge: Challenge | null, { isListening, learned }: AppKnowledge): challenge is Challenge {
	if (isListening || challenge?.purpose !== 'learn') return false;
	return learned === null || challenge.issuedAt > learned.taughtAt;
}
