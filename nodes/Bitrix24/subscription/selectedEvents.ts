import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod';

import type { Client } from '../api/client';
import { ActionableError } from '../api/errors';
import type { Connection } from '../connection/oauth2';
import { eventCatalogue, scopeOf } from '../event/catalogue';
import { canonicalCode } from '../event/codes';
import { menuPaths } from '../menuPaths';
import { withNodeErrors } from '../n8n/nodeError';
import { openClient } from '../n8n/openClient';

/**
 * The portal's own codes of the selected events.
 *
 * @param selected codes in any case, at least one
 * @throws ActionableError when none is selected, or the portal does not know one: with the permission that it lacks, or the
 * nearest codes that it knows
 */
export async function wantedEvents(
	client: Client,
	connection: Connection,
	selected: readonly string[],
): Promise<string[]> {
	const { codes, problem } = await findEvents(client, connection, selected);
	if (problem !== null) throw problem;
	return codes;
}

/**
 * The same, for who can go on with those that the portal knows.
 *
 * @returns `problem`: what to say of those that it does not know; null when it knows all
 * @throws ActionableError when none is selected
 */
export async function findEvents(
	client: Client,
	connection: Connection,
	selected: readonly string[],
): Promise<{ codes: string[]; problem: ActionableError | null }> {
	if (selected.length === 0) throw nothingSelected();
	const known = await client.call('events', {}, z.array(z.string()));
	const { codes, unknown } = resolveEvents(selected, known);
	const problem = unknown.length > 0 ? new ActionableError(...unknownEventAdvice(unknown, connection.scope)) : null;
	return { codes, problem };
}

/** No event is selected at all. */
export function nothingSelected(): ActionableError {
	return new ActionableError(
		'No event is selected.',
		'Choose at least one event in "Trigger On" or "Other Event Names or IDs".',
	);
}

function unknownEventAdvice(unknown: UnknownEvent[], granted: string[]): [what: string, remedy: string] {
	const names = unknown.map(({ code }) => code).join(', ');
	const lacking = [...new Set(unknown.flatMap(({ code }) => scopeOf(code) ?? []))].filter(
		(scope) => !granted.includes(scope),
	);
	if (lacking.length > 0 && granted.length > 0) {
		return [
			`This portal does not offer ${names} to the app: it lacks the permission ${lacking.map((scope) => `"${scope}"`).join(', ')}.`,
			`In Bitrix24, open ${menuPaths.apps}, add the permission to the app and save. Then connect the credential again and activate the workflow.`,
		];
	}
	const nearest = [...new Set(unknown.flatMap((event) => event.nearest))];
	const known = nearest.length > 0 ? ` Events with similar names that it knows: ${nearest.join(', ')}.` : '';
	return [
		`This portal does not know ${names}.${known}`,
		'Choose the event from the list, or correct its code. If the code is right, the app may lack the permission (scope) for it in Bitrix24.',
	];
}

/** A selected event that the portal does not know. */
interface UnknownEvent {
	code: string;
	/** The portal's own codes that look most like it. */
	nearest: string[];
}

/** What to bind, and what cannot be bound. */
export interface ResolvedEvents {
	/** Codes as the portal knows them, each once. */
	codes: string[];
	unknown: UnknownEvent[];
}

/**
 * Finds the portal's own code for each selected event. An event that goes by two names (ONLEADDELETE and
 * ONCRMLEADDELETE) is bound under the one that the portal lists, and under the newer one where it lists both.
 *
 * @param selected codes in any case
 * @param known what REST `events` answered
 */
export function resolveEvents(selected: readonly string[], known: readonly string[]): ResolvedEvents {
	const ours = new Map<string, string>();
	for (const listed of known) {
		const code = listed.toUpperCase();
		const canonical = canonicalCode(code);
		if (code === canonical || !ours.has(canonical)) ours.set(canonical, code);
	}
	const wanted = [...new Set(selected.map(canonicalCode))];
	const codes = wanted.flatMap((code) => ours.get(code) ?? []);
	const missing = wanted.filter((code) => !ours.has(code));
	return { codes, unknown: missing.map((code) => ({ code, nearest: nearestCodes(code, [...ours.values()]) })) };
}

/**
 * The known codes that look most like a mistyped one.
 *
 * @param code what was typed, in upper case
 * @param known what the portal knows
 * @param most how many at most
 * @returns the nearest first; none that shares too little with it
 */
export function nearestCodes(code: string, known: readonly string[], most = 3): string[] {
	const pairs = pairsOf(code);
	return known
		.map((candidate) => ({ candidate, likeness: likeness(pairs, pairsOf(candidate)) }))
		.filter(({ likeness: value }) => value >= 0.5)
		.sort((a, b) => b.likeness - a.likeness || a.candidate.localeCompare(b.candidate))
		.slice(0, most)
		.map(({ candidate }) => candidate);
}

/** Every two neighbouring letters. */
function pairsOf(word: string): Set<string> {
	return new Set(Array.from({ length: Math.max(word.length - 1, 0) }, (_, index) => word.slice(index, index + 2)));
}

/** How much two sets share, from 0 to 1 (Dice's coefficient). */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
	const shared = [...a].filter((pair) => b.has(pair)).length;
	return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/**
 * The events that the connected portal knows beside the catalogue (those of smart processes, and new ones).
 *
 * @throws NodeOperationError with advice when the portal does not answer
 */
export async function getOtherEvents(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	if (context.getCurrentNodeParameter('authentication') === 'outgoingWebhook') return [];
	return await withNodeErrors(context.getNode(), async () => {
		const { client } = await openClient(context);
		const known = await client.call('events', {}, z.array(z.string()));
		const documented = new Set(eventCatalogue.map(({ code }) => code));
		return [...new Set(known.map((code) => code.toUpperCase()))]
			.filter((code) => !documented.has(canonicalCode(code)))
			.sort((a, b) => a.localeCompare(b))
			.map((code) => ({ name: code, value: code }));
	});
}
