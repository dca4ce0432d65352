import { z } from 'zod';

import type { Client } from '../api/client';
import { personName } from '../api/recordLookup';
import { bitrixBoolean } from '../api/response';
import type { UserLookUps } from '../n8n/processState';
import { processState } from '../n8n/processState';
import { isWithin } from '../n8n/timing';

/** Who caused an event. */
export type UserFields = { userName: string | null; userIsAdmin: boolean | null };

/** For an event that nobody caused, or whose user cannot be looked up. */
export const unknownUser: UserFields = { userName: null, userIsAdmin: null };

// Bitrix24 waits for the answer meanwhile, and calls a slow handler less often: a portal that is slow is left alone.
const timeoutMs = 3_000;
const restMs = 60_000;
const maxWaiting = 10;

const profileSchema = z.object({ NAME: z.unknown(), LAST_NAME: z.unknown(), ADMIN: bitrixBoolean.nullish() });

/**
 * Looks up who caused an event (`profile`, with the event's own token, on the credential's portal), for three seconds at
 * most. Whatever goes wrong, the event goes on without a name; so it does where ten wait for the portal already, where its
 * rate has no place at once, and for a minute after a look-up that took those three seconds.
 *
 * @param memberId the portal
 * @param accessToken the event's own, undefined when Bitrix24 tied the event to nobody
 */
export async function lookUpUser(
	client: Client,
	memberId: string,
	accessToken: string | undefined,
): Promise<UserFields> {
	const lookUps = lookUpsOf(memberId);
	if (accessToken === undefined || !mayLookUp(lookUps)) return unknownUser;
	const signal = AbortSignal.timeout(timeoutMs);
	lookUps.waiting += 1;
	const result = await client
		.extend({ accessToken, signal, maxRetries: 0, spareRateWithinMs: 0 })
		.tryCall('profile')
		.finally(() => {
			lookUps.waiting -= 1;
		});
	if (signal.aborted) lookUps.givenUpAt = Date.now();
	const read = profileSchema.safeParse(result.ok ? result.result : null);
	if (!read.success) return unknownUser;
	return { userName: personName(read.data), userIsAdmin: read.data.ADMIN ?? null };
}

function lookUpsOf(memberId: string): UserLookUps {
	const { userLookUps } = processState;
	const lookUps = userLookUps.get(memberId) ?? { waiting: 0 };
	userLookUps.set(memberId, lookUps);
	return lookUps;
}

function mayLookUp({ waiting, givenUpAt }: UserLookUps): boolean {
	return waiting < maxWaiting && !isWithin(givenUpAt, restMs, Date.now());
}
