import type { Method } from './call.mjs';
import { appInfo } from './methods/app.mjs';
import { events, featureGet, profile, scope, serverTime } from './methods/common.mjs';
import { itemGet, itemList } from './methods/crmItems.mjs';
import { eventBind } from './methods/eventBind.mjs';
import { eventGet } from './methods/eventGet.mjs';
import { eventTest } from './methods/eventTest.mjs';
import { eventUnbind } from './methods/eventUnbind.mjs';
import { leadAdd, leadDelete, leadGet, leadList, leadUpdate } from './methods/leads.mjs';
import { offlineGet } from './methods/offlineGet.mjs';
import { offlineList } from './methods/offlineList.mjs';
import { offlineClear, offlineError } from './methods/offlineSettle.mjs';
import { userGet } from './methods/userGet.mjs';

/** The REST methods that the simulated portal knows. */
export const methods: ReadonlyMap<string, Method> = new Map([
	['app.info', appInfo],
	['profile', profile],
	['scope', scope],
	['server.time', serverTime],
	['feature.get', featureGet],
	['events', events],
	['event.bind', eventBind],
	['event.get', eventGet],
	['event.unbind', eventUnbind],
	['event.test', eventTest],
	['event.offline.get', offlineGet],
	['event.offline.list', offlineList],
	['event.offline.clear', offlineClear],
	['event.offline.error', offlineError],
	['crm.lead.get', leadGet],
	['crm.lead.list', leadList],
	['crm.lead.add', leadAdd],
	['crm.lead.update', leadUpdate],
	['crm.lead.delete', leadDelete],
	['crm.item.list', itemList],
	['crm.item.get', itemGet],
	['user.get', userGet],
]);
