import type { Connection } from '../connection/oauth2';
import type { TriggerContext } from '../n8n/processState';
import { isWithin } from '../n8n/timing';
import type { LearnedToken } from './learnedToken';
import { isLearnedFor, isSameSecret } from './learnedToken';
import { tokenWatchOf } from './question';

const dayMs = 24 * 60 * 60_000;

/**
 * Claims the one delivery a day that is judged by the credential as well, in this process: others that come while it is
 * being judged are not.
 */
export function claimDailyCheck(context: TriggerContext, now: number): boolean {
	const watch = tokenWatchOf(context);
	if (isWithin(watch.checkedAt, dayMs, now)) return false;
	watch.checkedAt = now;
	return true;
}

/** Whether the credential was found to say otherwise than what was learned: another app, portal or token. */
export function isContradicted(context: TriggerContext, { hash }: LearnedToken): boolean {
	return tokenWatchOf(context).contradicted === hash;
}

/** Keeps in mind what the credential says of a learned token. A delivery stores nothing. */
export function compareWithCredential(context: TriggerContext, learned: LearnedToken, connection: Connection): void {
	const { applicationToken } = connection;
	const agrees =
		isLearnedFor(learned, connection) && (applicationToken === null || isSameSecret(applicationToken, learned.hash));
	const watch = tokenWatchOf(context);
	if (!agrees) watch.contradicted = learned.hash;
	else delete watch.contradicted;
}
