import { z } from 'zod';

import { ask } from '../api/ask';
import type { Connection } from '../api/connection';
import type { Portal } from '../api/createPortal';
import { Refusal } from '../api/refusal';
import { scopeOf } from '../description/scopeOf';
import type { UnknownEvent } from './resolveEvents';
import { resolveEvents } from './resolveEvents';

/**
 * The portal's own codes of the selected events.
 *
 * @param selected codes in any case, at least one
 * @throws Refusal when none is selected, or the portal does not know one: with the permission that it lacks, or the
 * nearest codes that it knows
 */
export async function wantedEvents(
	portal: Portal,
	connection: Connection,
	selected: readonly string[],
): Promise<string[]> {
	if (selected.length === 0) throw nothingSelected();
	const known = await ask(portal, 'events', {}, z.array(z.string()));
	const { codes, unknown } = resolveEvents(selected, known);
	if (unknown.length > 0) throw new Refusal(...whyUnknown(unknown, connection.scope));
	return codes;
}

/** No event is selected at all. */
export function nothingSelected(): Refusal {
	return new Refusal(
		'No event is selected.',
		'Choose at least one event in "Trigger On" or "Other Event Names or IDs".',
	);
}

function whyUnknown(unknown: UnknownEvent[], granted: string[]): [what: string, remedy: string] {
	const names = unknown.map(({ code }) => code).join(', ');
	const lacking = [...new Set(unknown.flatMap(({ code }) => scopeOf(code) ?? []))].filter(
		(scope) => !granted.includes(scope),
	);
	if (lacking.length > 0 && granted.length > 0) {
		return [
			`This portal does not offer ${names} to the app: it lacks the permission ${lacking.map((scope) => `"${scope}"`).join(', ')}.`,
			'In Bitrix24, open Developer resources > Integrations, add the permission to the app and save. Then connect the credential again and activate the workflow.',
		];
	}
	const nearest = [...new Set(unknown.flatMap((event) => event.nearest))];
	const known = nearest.length > 0 ? ` Events with similar names that it knows: ${nearest.join(', ')}.` : '';
	return [
		`This portal does not know ${names}.${known}`,
		'Choose the event from the list, or correct its code. If the code is right, the app may lack the permission (scope) for it in Bitrix24.',
	];
}
