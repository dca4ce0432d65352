import type { Bitrix24Event, EventAuth } from './parseEvent';
import type { Tree, TreeMap } from './tree';
import { secretsOf, withoutSecrets } from './withoutSecrets';

// Everything of `auth` that is documented, less the tokens.
const shownOfAuth = [
	'domain',
	'member_id',
	'client_endpoint',
	'server_endpoint',
	'scope',
	'status',
	'expires',
	'expires_in',
	'user_id',
] as const satisfies ReadonlyArray<keyof EventAuth>;

/** The payload as Bitrix24 names it. */
export type RawItem = {
	event: string;
	event_handler_id?: string;
	data?: Tree;
	ts?: string;
	auth: TreeMap;
	isTest: boolean;
};

/**
 * Makes the item of an event with `simplify` off: the payload nested as sent, all texts, without the tokens.
 *
 * @param event a proven event
 * @param isTest whether a test of the portal (`event.test`) caused it
 */
export function toRawItem(event: Bitrix24Event, isTest: boolean): RawItem {
	const { code, handlerId, data, ts, auth } = event;
	const shown = shownOfAuth.flatMap((key) => (auth[key] === undefined ? [] : [[key, auth[key]] as const]));
	return {
		event: code,
		...(handlerId === undefined ? {} : { event_handler_id: handlerId }),
		...(data === undefined ? {} : { data: withoutSecrets(data, secretsOf(auth)) }),
		...(ts === undefined ? {} : { ts }),
		auth: Object.fromEntries(shown),
		isTest,
	};
}
