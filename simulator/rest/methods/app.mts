import type { Method } from '../call.mjs';
import { RestError } from '../restError.mjs';

/** `app.info`, outside an app 403 `ACCESS_DENIED`. */
export const appInfo: Method = {
	run({ app }) {
		if (!app) throw RestError.denied('Application context required');
		return {
			ID: app.id,
			CODE: app.code,
			VERSION: 1,
			STATUS: app.status,
			INSTALLED: app.installed,
			PAYMENT_EXPIRED: 'N',
			DAYS: null,
			LANGUAGE_ID: 'en',
			LICENSE: 'com_pro100',
			LICENSE_TYPE: 'pro100',
			LICENSE_FAMILY: 'pro',
		};
	},
};
