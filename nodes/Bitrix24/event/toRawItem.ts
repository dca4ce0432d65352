import type { Bitrix24Event } from './parseEvent';
import type { ShownAuth } from './shownAuth';
import { shownAuth } from './shownAuth';
import type { Tree } from './tree';
import { secretsOf, withoutSecrets } from './withoutSecrets';

/** The payload as Bitrix24 names it. */
export type RawItem = {
	event: string;
	event_handler_id?: string;
	data?: Tree;
	ts?: string;
	auth: ShownAuth;
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
	const secrets = secretsOf(auth);
	return {
		event: code,
		...(handlerId === undefined ? {} : { event_handler_id: withoutSecrets(handlerId, secrets) }),
		...(data === undefined ? {} : { data: withoutSecrets(data, secrets) }),
		...(ts === undefined ? {} : { ts: withoutSecrets(ts, secrets) }),
		auth: shownAuth(auth, secrets),
		isTest,
	};
}
