import { z } from 'zod';

import type { Client } from '../api/client';
import { bitrixBoolean } from '../api/response';

/** Who caused an event. */
export type UserFields = { userName: string | null; userIsAdmin: boolean | null };

/** For an event that nobody caused, or whose user cannot be looked up. */
export const unknownUser: UserFields = { userName: null, userIsAdmin: null };

const timeoutMs = 3_000;

const namePart = z.string().trim().nullish().catch(null);
const profileSchema = z.object({ NAME: namePart, LAST_NAME: namePart, ADMIN: bitrixBoolean.nullish() });

/**
 * Looks up who caused an event (`profile`, with the event's own token, on the credential's portal), for three seconds at
 * most. Whatever goes wrong, the event goes on without a name.
 *
 * @param accessToken the event's own, undefined when Bitrix24 tied the event to nobody
 */
export async function lookUpUser(client: Client, accessToken: string | undefined): Promise<UserFields> {
	if (accessToken === undefined) return unknownUser;
	const result = await client
		.extend({ accessToken, signal: AbortSignal.timeout(timeoutMs), maxRetries: 0 })
		.tryCall('profile');
	const read = profileSchema.safeParse(result.ok ? result.result : null);
	if (!read.success) return unknownUser;
	const { NAME: name, LAST_NAME: lastName, ADMIN: isAdmin } = read.data;
	const userName = [name, lastName].filter((text) => text).join(' ');
	return { userName: userName === '' ? null : userName, userIsAdmin: isAdmin ?? null };
}
