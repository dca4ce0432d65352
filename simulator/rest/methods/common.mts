import { eventsInScope } from '../../events/scopeOfEvent.mjs';
import { isoDate } from '../../portal/isoDate.mjs';
import type { Method } from '../call.mjs';
import { RestError } from '../restError.mjs';

/** `profile`: the token's user; needs no permission. */
export const profile: Method = {
	run: ({ user }) => ({
		ID: String(user.id),
		ADMIN: user.admin,
		NAME: user.name,
		LAST_NAME: user.lastName,
		PERSONAL_GENDER: '',
		TIME_ZONE: '',
	}),
};

/** `events`: the codes that this caller can bind. */
export const events: Method = {
	run: (call) => eventsInScope(call.portal.events, call.scope),
};

/** `scope`: the caller's permissions. */
export const scope: Method = {
	run: (call) => [...call.scope],
};

/** `server.time`. */
export const serverTime: Method = {
	run: ({ portal }) => isoDate(portal.clock.now()),
};

/** `feature.get`: whether the plan has a feature. */
export const featureGet: Method = {
	run({ portal, params }) {
		const code = params.text('code');
		if (code === '') throw new RestError(400, 'CODE_EMPTY', "CODE can't be empty");
		const enabled = {
			rest_offline_extended: portal.plan.offlineExtended,
			rest_auth_connector: portal.plan.authConnector,
		};
		return { value: Object.entries(enabled).some(([name, on]) => name === code && on) ? 'Y' : 'N' };
	},
};
