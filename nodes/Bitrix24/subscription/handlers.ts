import { z } from 'zod';

import type { Client, Parameters } from '../api/client';
import { meaningOf, toActionableError } from '../api/errors';
import type { ApiFailure } from '../api/response';
import { bitrixTrue, isAlreadyBound, unreadableAnswer } from '../api/response';
import { tokenWatchOf } from '../applicationToken/question';
import type { Connection } from '../connection/oauth2';
import { testEventCode } from '../event/codes';
import { textSchema } from '../event/payload';
import type { LogContext } from '../n8n/log';
import { createLog } from '../n8n/log';
import type { TriggerContext } from '../n8n/processState';

/** Where a subscription's events go: to a URL of ours, or into a queue of the portal's. */
export type Destination = { kind: 'online'; handler: string } | { kind: 'offline'; connector: string | null };

/** An app on its portal, and where a trigger's events go. */
export interface SubscriptionTarget<To extends Destination = Destination> {
	connection: Connection;
	client: Client;
	destination: To;
}

/** One handler that is bound on the portal, at our own destination. */
export interface Handler {
	/** The event's code in upper case. */
	event: string;
	/** Whose authorization it runs under: `0` for that of whoever causes the event; undefined for offline handlers. */
	authType: string | undefined;
}

// event.get: `{event, handler, auth_type, offline: 0}` or `{event, connector_id, offline: 1}`
const boundSchema = z.object({
	event: z.string().transform((code) => code.toUpperCase()),
	handler: textSchema.nullish().catch(null),
	auth_type: textSchema.nullish().catch(null),
	connector_id: textSchema.nullish().catch(null),
	offline: z.coerce.number().catch(0),
});

/** A handler of the app's, wherever its events go. */
export type BoundHandler = z.infer<typeof boundSchema>;

/**
 * Everything that the app has bound on the portal.
 *
 * @throws ActionableError when the portal does not answer
 */
export async function allHandlers(client: Client): Promise<BoundHandler[]> {
	return await client.call('event.get', {}, z.array(boundSchema));
}

/**
 * What is bound at our destination. Handlers of other addresses and other apps are left out, so nothing can touch them.
 *
 * @throws ActionableError when the portal does not answer
 */
export async function currentHandlers(client: Client, destination: Destination): Promise<Handler[]> {
	return handlersAt(await allHandlers(client), destination);
}

/** Those of the app's handlers whose events go to a destination. */
export function handlersAt(all: readonly BoundHandler[], destination: Destination): Handler[] {
	return all
		.filter((handler) =>
			destination.kind === 'online'
				? handler.offline === 0 && handler.handler === destination.handler
				: handler.offline === 1 && (handler.connector_id ?? '') === (destination.connector ?? ''),
		)
		.map(({ event, auth_type: authType }) => ({ event, authType: authType ?? undefined }));
}

/** What has to change on the portal. */
export interface Difference {
	/** Codes to bind. */
	missing: string[];
	/** Handlers to unbind: of events that are not wanted, and doubles of one that is. */
	surplus: Handler[];
}

/**
 * Compares what is wanted with what is bound: afterwards every wanted event has exactly one handler.
 *
 * @param desired codes in upper case
 * @param current what is bound at our destination
 */
export function diff(desired: readonly string[], current: readonly Handler[]): Difference {
	const kept = new Map<string, Handler>();
	for (const handler of current) {
		const rival = kept.get(handler.event);
		// A handler under one user's authorization gets that user's own changes only: the general one is kept.
		if (desired.includes(handler.event) && (rival === undefined || (isGeneral(handler) && !isGeneral(rival)))) {
			kept.set(handler.event, handler);
		}
	}
	const stays = new Set(kept.values());
	return {
		missing: [...new Set(desired)].filter((code) => !kept.has(code)),
		surplus: current.filter((handler) => !stays.has(handler)),
	};
}

/** Whether nothing has to change. */
export function isEmpty({ missing, surplus }: Difference): boolean {
	return missing.length === 0 && surplus.length === 0;
}

function isGeneral({ authType }: Handler): boolean {
	return authType === undefined || authType === '0' || authType === '';
}

const unboundSchema = z.object({ count: z.coerce.number() });

/**
 * Makes what is bound at our destination equal to what is wanted. Repeating it is harmless, and no other destination is
 * touched.
 *
 * @param desired codes that the portal knows, in upper case; none to take everything down
 * @param current what is bound at our destination, where it is known already
 * @throws ActionableError when the portal refuses a step; what this call has bound is then taken down again
 */
export async function reconcile(
	{ client, destination }: Pick<SubscriptionTarget, 'client' | 'destination'>,
	desired: readonly string[],
	current?: readonly Handler[],
): Promise<void> {
	const { missing, surplus } = diff(desired, current ?? (await currentHandlers(client, destination)));
	const bound: string[] = [];
	for (const event of missing) {
		const failure = await bind(client, destination, event);
		if (failure !== null) {
			// What the portal says to this changes nothing about the failure, which is what the user has to read.
			for (const done of [...bound, ...(mayBeBound(destination, failure) ? [event] : [])])
				await client.tryCall('event.unbind', { event: done, ...destinationParameters(destination) });
			throw toActionableError(failure);
		}
		bound.push(event);
	}
	// Last, so that there is no moment in which an event that goes by two names is bound under neither.
	for (const handler of surplus) await unbind(client, destination, handler);
}

/**
 * Whether an event may be bound although binding it has failed. n8n itself takes a webhook trigger down whose activation
 * is refused, but leaves what collects.
 */
function mayBeBound({ kind }: Destination, failure: ApiFailure): boolean {
	return kind === 'offline' && meaningOf(failure).mayHaveHappened === true;
}

/** null: bound, or bound already. */
async function bind(client: Client, destination: Destination, event: string): Promise<ApiFailure | null> {
	const result = await client.tryCall('event.bind', { event, ...destinationParameters(destination) });
	if (result.ok) return bitrixTrue.safeParse(result.result).success ? null : unreadableAnswer('event.bind');
	const { failure } = result;
	return isAlreadyBound(failure) ? null : failure;
}

/** Takes one handler down. One that is gone already is no failure: the portal answers with a count of 0. */
async function unbind(client: Client, destination: Destination, { event, authType }: Handler): Promise<void> {
	const whose = authType === undefined ? {} : { auth_type: authType };
	await client.call('event.unbind', { event, ...destinationParameters(destination), ...whose }, unboundSchema);
}

function destinationParameters(destination: Destination): Parameters {
	if (destination.kind === 'online') return { handler: destination.handler };
	return {
		event_type: 'offline',
		...(destination.connector === null ? {} : { auth_connector: destination.connector }),
	};
}

/**
 * Takes the handler down that waited for the application token. Nobody waits for it but the next activation or
 * deactivation, which takes down what stays bound: a failure is only logged.
 *
 * @param client of the app that has it
 * @param handler where it is bound
 */
export function removeLearningHandler(context: LogContext & TriggerContext, client: Client, handler: string): void {
	const watch = tokenWatchOf(context);
	const unbinding = unbindLearningHandler(context, client, handler).finally(() => {
		if (watch.unbinding === unbinding) delete watch.unbinding;
	});
	watch.unbinding = unbinding;
}

async function unbindLearningHandler(context: LogContext, client: Client, handler: string): Promise<void> {
	const result = await client.tryCall('event.unbind', { event: testEventCode, handler });
	if (!result.ok) {
		createLog(context).warn(
			`it has learned its application token, but could not take its ${testEventCode} handler down (${result.failure.code}). The next activation or deactivation of the workflow does.`,
		);
	}
}
