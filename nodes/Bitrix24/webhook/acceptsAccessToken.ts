import type { IAllExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { z } from 'zod';

import { createPortal, type Portal } from '../api/createPortal';
import { eventTokenTransport } from '../api/eventTokenTransport';

const timeout = 10_000;

// app.info of another app's token succeeds as well: the app itself has to be the same.
const app = z.object({ ID: z.union([z.string().min(1), z.number()]).transform(String), CODE: z.string().min(1) });

/**
 * Asks the credential's portal whether an event's access token is one of this very app (the documented way to check an
 * event whose application token is not known). No address of the delivery is ever called.
 *
 * @param helpers n8n's request helpers
 * @param origin the portal's address from the credential
 * @param portal the portal as the credential's own user sees it
 * @param accessToken as delivered
 */
export async function acceptsAccessToken(
	helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequest'>,
	origin: string,
	portal: Portal,
	accessToken: string,
): Promise<boolean> {
	const transport = eventTokenTransport(helpers, accessToken, AbortSignal.timeout(timeout));
	const asEvent = createPortal({ origin, transport, sleep, now: Date.now, repeats: 2 });
	const theirs = await appOf(asEvent);
	if (theirs === null) return false;
	const ours = await appOf(portal);
	return ours !== null && ours.ID === theirs.ID && ours.CODE === theirs.CODE;
}

async function appOf(portal: Portal): Promise<z.infer<typeof app> | null> {
	const answer = await portal.call('app.info');
	const read = app.safeParse(answer.ok ? answer.result : null);
	return read.success ? read.data : null;
}
