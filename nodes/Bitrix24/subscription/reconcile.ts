import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';

import { advise } from '../api/advise';
import { ask } from '../api/ask';
import { carriedOut } from '../api/carriedOut';
import type { Portal } from '../api/createPortal';
import type { Failure } from '../api/failure';
import { unreadable } from '../api/unreadable';
import type { Address } from './address';
import type { Handler } from './currentHandlers';
import { currentHandlers } from './currentHandlers';
import { diff } from './diff';

const unbound = z.object({ count: z.coerce.number() });

/**
 * Makes what is bound at our address equal to what is wanted. Repeating it is harmless.
 *
 * @param portal the portal
 * @param address our own address; no other is touched
 * @param desired codes that the portal knows, in upper case; none to take everything down
 * @throws Refusal when the portal refuses a step; what this call has bound is then taken down again
 */
export async function reconcile(portal: Portal, address: Address, desired: readonly string[]): Promise<void> {
	const { missing, leftOver } = diff(desired, await currentHandlers(portal, address));
	const bound: string[] = [];
	for (const event of missing) {
		const failure = await bind(portal, address, event);
		if (failure !== null) {
			// What the portal says to this changes nothing about the refusal, which is what the user has to read.
			for (const done of [...bound, ...(mayBeBound(address, failure) ? [event] : [])])
				await portal.call('event.unbind', { event: done, ...addressed(address) });
			throw advise(failure);
		}
		bound.push(event);
	}
	// Last, so that there is no moment in which an event that goes by two names is bound under neither.
	for (const handler of leftOver) await unbind(portal, address, handler);
}

/**
 * Whether an event may be bound although its binding came to nothing: an answer that was lost tells nothing. n8n takes a
 * webhook trigger down itself whose activation is refused, but leaves what collects.
 */
function mayBeBound({ kind }: Address, { code, status }: Failure): boolean {
	return kind === 'offline' && (status === null || status >= 500 || code === 'UNREADABLE_ANSWER');
}

/** null: bound, or bound already. */
async function bind(portal: Portal, address: Address, event: string): Promise<Failure | null> {
	const answer = await portal.call('event.bind', { event, ...addressed(address) });
	if (answer.ok) return carriedOut.safeParse(answer.result).success ? null : unreadable('event.bind');
	const already = answer.failure.code === 'ERROR_CORE' && /already bind/i.test(answer.failure.description);
	return already ? null : answer.failure;
}

/**
 * Takes one handler down. One that is gone already is no failure: the portal answers with a count of 0.
 *
 * @throws Refusal when the portal refuses
 */
export async function unbind(portal: Portal, address: Address, { event, authType }: Handler): Promise<void> {
	const whose = authType === undefined ? {} : { auth_type: authType };
	await ask(portal, 'event.unbind', { event, ...addressed(address), ...whose }, unbound);
}

function addressed(address: Address): IDataObject {
	if (address.kind === 'online') return { handler: address.handler };
	return { event_type: 'offline', ...(address.connector === null ? {} : { auth_connector: address.connector }) };
}
