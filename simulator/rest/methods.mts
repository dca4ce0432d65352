import type { Method } from './call.mjs';
import { commonMethods } from './methods/common.mjs';
import { recordMethods } from './methods/crm.mjs';
import { eventMethods } from './methods/events.mjs';
import { offlineMethods } from './methods/offline.mjs';

export const methods: ReadonlyMap<string, Method> = new Map(
	Object.entries({ ...commonMethods, ...eventMethods, ...offlineMethods, ...recordMethods }),
);

/** The permissions of which one is needed, by the beginning of a method's name; common methods need none. */
const SCOPES: ReadonlyArray<[prefix: string, anyOf: readonly string[]]> = [
	['crm.', ['crm']],
	['tasks.', ['task']],
	['user.', ['user', 'user_basic', 'user_brief']],
];

/** Whether a method can be called with these permissions. */
export function isAllowed(method: string, scope: readonly string[]): boolean {
	return SCOPES.every(([prefix, anyOf]) => !method.startsWith(prefix) || anyOf.some((one) => scope.includes(one)));
}
