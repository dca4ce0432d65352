import type { Method } from './call.mjs';
import { commonMethods } from './methods/common.mjs';
import { recordMethods } from './methods/crm.mjs';
import { eventMethods } from './methods/events.mjs';
import { offlineMethods } from './methods/offline.mjs';

export const methods: ReadonlyMap<string, Method> = new Map(
	Object.entries({ ...commonMethods, ...eventMethods, ...offlineMethods, ...recordMethods }),
);
