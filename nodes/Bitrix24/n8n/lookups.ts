import { randomBytes } from 'node:crypto';

import { toActionableError } from '../api/errors';
import type { LookupKind, PortalRecord } from '../api/recordLookup';
import type { ApiFailure } from '../api/response';
import type { LookupOptions } from '../api/sharedLookups';
import { SharedLookups } from '../api/sharedLookups';
import type { Connection, CredentialContext } from '../connection/oauth2';
import type { LogContext } from './log';
import { createLog } from './log';
import { clientFor } from './openClient';
import { processState } from './processState';
import { isWithin, sleep } from './timing';

/** What has been looked up. */
export interface LookedUp {
	/** By id: null for one that cannot be read. One that is missing could not be looked up. */
	records: Map<string, PortalRecord | null>;
	/** Why some are missing; null where all are there, or the portal was not asked in time. */
	failure: ApiFailure | null;
}

/**
 * Looks records up by their ids, together with everything in this process that looks up the same kind with the same
 * credential. Never throws.
 */
export type LookUp = (
	kind: LookupKind,
	ids: readonly string[],
	waiting: Pick<LookupOptions, 'signal' | 'keepTrying'>,
) => Promise<LookedUp>;

// A call's own retries are for what passes within seconds; who asks decides about the rest.
const callOptions = { timeoutMs: 10_000, maxRetries: 2 };

/** Opens look-ups with the node's credential. Why records cannot be read is logged, once an hour. */
export function openLookups(context: CredentialContext & LogContext, connection: Connection): LookUp {
	// Without an id nobody can tell whose rights they are: then nothing is shared.
	const credential = context.getNode().credentials?.bitrix24OAuth2Api?.id ?? randomBytes(16).toString('hex');
	const client = clientFor(context, connection, callOptions);
	const { lookups } = processState;

	return async (kind, ids, waiting) => {
		const key = JSON.stringify([connection.memberId, credential, kind]);
		const onIdle = () => void (lookups.get(key) === shared && lookups.delete(key));
		const shared: SharedLookups = lookups.get(key) ?? new SharedLookups(kind, { sleep, onIdle }, client);
		lookups.set(key, shared);
		const records: LookedUp['records'] = new Map();
		let failure: ApiFailure | null = null;
		for (const [id, lookup] of await shared.ask(ids, { client, ...waiting })) {
			if (lookup.status === 'refused') logRefusal(context, key, kind, lookup.failure);
			if (lookup.status === 'unanswered') failure = lookup.failure ?? failure;
			else records.set(id, lookup.status === 'found' ? lookup.record : null);
		}
		return { records, failure };
	};
}

const hourMs = 3_600_000;

function logRefusal(context: LogContext, lookups: string, kind: LookupKind, failure: ApiFailure): void {
	const key = JSON.stringify([lookups, failure.code]);
	const { refusedLookups } = processState;
	if (isWithin(refusedLookups.get(key), hourMs, Date.now())) return;
	refusedLookups.set(key, Date.now());
	createLog(context).warn(`it cannot read ${nameOf(kind)}, and leaves them out. ${toActionableError(failure).message}`);
}

function nameOf(kind: LookupKind): string {
	if (kind === 'user') return "people's names";
	return kind === 'task' ? 'tasks' : `records of CRM (entity type ${kind})`;
}
