import { fireEvent } from '../../events/fireEvent.mjs';
import type { Method } from '../call.mjs';
import { requireApp } from '../requireApp.mjs';

/** `event.test`: sends `ONAPPTEST`, with the call's parameters, down the whole road to the app's handlers. */
export const eventTest: Method = {
	run(call) {
		requireApp(call);
		fireEvent(call.portal, 'ONAPPTEST', { QUERY: call.query, LANGUAGE_ID: 'en' }, call.origin);
		return 1;
	},
};
