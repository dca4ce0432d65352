import type { Method } from './call.mjs';
import { batch } from './methods/batch.mjs';
import { appInfo, events, featureGet, profile, scope, userGet } from './methods/common.mjs';
import { itemGet, itemList, leadAdd, leadDelete, leadGet, leadList, leadUpdate, taskList } from './methods/crm.mjs';
import { eventBind, eventGet, eventTest, eventUnbind } from './methods/events.mjs';
import { offlineClear, offlineError, offlineGet, offlineList } from './methods/offline.mjs';

/** The REST methods that the simulated portal knows. */
export const methods: ReadonlyMap<string, Method> = new Map([
	['batch', batch],
	['app.info', appInfo],
	['profile', profile],
	['scope', scope],
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
	['tasks.task.list', taskList],
	['user.get', userGet],
]);
