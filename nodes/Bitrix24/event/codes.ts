// One word for one meaning, however a code puts it: DELETED is a delete, END is a finish.
const actions = {
	ADD: 'add',
	BEFOREORDERDELETE: 'beforeDelete',
	CONFIRM: 'confirm',
	DELETE: 'delete',
	DELETED: 'delete',
	END: 'finish',
	ENTITYSAVED: 'save',
	// The queue of offline events got a new one.
	EVENT: 'add',
	EXPOSE: 'expose',
	FINISH: 'finish',
	INIT: 'init',
	INSTALL: 'install',
	JOINCHAT: 'joinChat',
	MOVETOCATEGORY: 'moveToCategory',
	ORDERSAVED: 'save',
	PAYMENT: 'pay',
	REGISTER: 'register',
	SETENUMVALUES: 'setEnumValues',
	SIGNED: 'sign',
	START: 'start',
	STATUSCHANGED: 'changeStatus',
	UNINSTALL: 'uninstall',
	UNREGISTER: 'unregister',
	UPDATE: 'update',
} as const;

type Verb = keyof typeof actions;

const changes: readonly Verb[] = ['ADD', 'UPDATE', 'DELETE'];
const fieldChanges: readonly Verb[] = [...changes, 'SETENUMVALUES'];
const records: readonly Verb[] = ['ENTITYSAVED', 'DELETED'];

// What stands between ON and the verb, the entity it means, and the verbs that Bitrix24's documentation has for it.
const entities: ReadonlyArray<readonly [prefix: string, entity: string, verbs: readonly Verb[]]> = [
	['APP', 'app', ['INSTALL', 'UNINSTALL', 'UPDATE', 'PAYMENT']],
	['APPMETHOD', 'appMethod', ['CONFIRM']],
	['BOOKING', 'booking', changes],
	['BOOKINGRESOURCE', 'bookingResource', changes],
	['BOOKINGRESOURCETYPE', 'bookingResourceType', changes],
	['BOOKINGWAITLISTITEM', 'bookingWaitlistItem', changes],
	['CALENDARENTRY', 'calendarEntry', changes],
	['CALENDARSECTION', 'calendarSection', changes],
	['CRMACTIVITY', 'activity', changes],
	['CRMADDRESS', 'address', ['REGISTER', 'UNREGISTER']],
	['CRMBANKDETAIL', 'bankDetail', changes],
	['CRMCOMPANY', 'company', changes],
	['CRMCOMPANYUSERFIELD', 'companyUserField', fieldChanges],
	['CRMCONTACT', 'contact', changes],
	['CRMCONTACTUSERFIELD', 'contactUserField', fieldChanges],
	['CRMCURRENCY', 'currency', changes],
	['CRMDEAL', 'deal', [...changes, 'MOVETOCATEGORY']],
	['CRMDEALRECURRING', 'dealRecurring', [...changes, 'EXPOSE']],
	['CRMDEALUSERFIELD', 'dealUserField', fieldChanges],
	['CRMDOCUMENTGENERATORDOCUMENT', 'documentGeneratorDocument', changes],
	['CRMDYNAMICITEM', 'dynamicItem', changes],
	['CRMLEAD', 'lead', changes],
	['CRMLEADUSERFIELD', 'leadUserField', fieldChanges],
	['CRMQUOTE', 'quote', changes],
	['CRMQUOTEUSERFIELD', 'quoteUserField', fieldChanges],
	['CRMREQUISITE', 'requisite', changes],
	['CRMREQUISITEUSERFIELD', 'requisiteUserField', fieldChanges],
	['CRMTIMELINECOMMENT', 'timelineComment', changes],
	['CRMTYPE', 'type', changes],
	['CRMTYPEUSERFIELD', 'typeUserField', fieldChanges],
	['EXTERNALCALL', 'externalCall', ['START']],
	['EXTERNALCALLBACK', 'externalCallBack', ['START']],
	['IMBOT', 'imBot', ['JOINCHAT', 'DELETE']],
	['IMBOTMESSAGE', 'imBotMessage', changes],
	['IMCOMMAND', 'imCommand', ['ADD']],
	['IMCONNECTORDIALOG', 'imConnectorDialog', ['START', 'FINISH']],
	['IMCONNECTORLINE', 'imConnectorLine', ['DELETE']],
	['IMCONNECTORMESSAGE', 'imConnectorMessage', changes],
	['IMCONNECTORSTATUS', 'imConnectorStatus', ['DELETE']],
	['LIVEFEEDPOST', 'liveFeedPost', changes],
	['OFFLINE', 'offlineEvent', ['EVENT']],
	['OPENLINEMESSAGE', 'openLineMessage', changes],
	['ORDER', 'order', records],
	['PAYMENT', 'payment', records],
	['PROPERTYVALUE', 'propertyValue', records],
	['SALE', 'order', ['ORDERSAVED', 'BEFOREORDERDELETE']],
	['SESSION', 'session', ['START', 'FINISH']],
	['SHIPMENT', 'shipment', records],
	['SIGNB2EDOCUMENT', 'signB2eDocument', ['STATUSCHANGED']],
	['SIGNB2EMEMBER', 'signB2eMember', ['STATUSCHANGED']],
	['SIGNHCMLINKB2EDOCUMENT', 'signHcmLinkB2eDocument', ['SIGNED']],
	['SONETGROUP', 'sonetGroup', changes],
	['TASK', 'task', changes],
	['TASKCOMMENT', 'taskComment', changes],
	['USER', 'user', ['ADD']],
	['VOXIMPLANTCALL', 'voximplantCall', ['INIT', 'START', 'END']],
];

// Only the events of the trade catalogue have dots in their codes: CATALOG.PRICE.TYPE.ON.ADD.
const catalogEntities = [
	['PRODUCT', 'catalogProduct'],
	['PRICE', 'catalogPrice'],
	['PRICE.TYPE', 'catalogPriceType'],
	['ROUNDING', 'catalogRounding'],
	['MEASURE', 'catalogMeasure'],
] as const;

const understood = new Map<string, { entity: string; action: string }>([
	...entities.flatMap(([prefix, entity, verbs]) =>
		verbs.map((verb) => [`ON${prefix}${verb}`, { entity, action: actions[verb] }] as const),
	),
	...catalogEntities.flatMap(([name, entity]) =>
		changes.map((verb) => [`CATALOG.${name}.ON.${verb}`, { entity, action: actions[verb] }] as const),
	),
]);

// A portal has each of these three once for all smart processes and once for every one of them, named by its type id.
const ofOneSmartProcess = /^(ONCRMDYNAMICITEM[A-Z]+)_\d+$/;

/**
 * Says what an event's code means: what kind of thing it is about, and what happened to it.
 *
 * @param code any text; an event's code in any case
 * @returns both words in camel case, for the events that Bitrix24's REST documentation describes (the event reference,
 * August 2026); both null for every other text
 */
export function describeCode(code: string): { entity: string | null; action: string | null } {
	const canonical = canonicalCode(code);
	const known = understood.get(ofOneSmartProcess.exec(canonical)?.[1] ?? canonical);
	return { entity: known?.entity ?? null, action: known?.action ?? null };
}

// Bitrix24's documentation called the lead-deleted event ONLEADDELETE until it was corrected; portals register and send
// ONCRMLEADDELETE. It is the only documented event with two names: ONLEADADD and ONLEADUPDATE do not stand there.
const olderNames = new Map([['ONLEADDELETE', 'ONCRMLEADDELETE']]);

/**
 * Brings an event's code into the one form in which two codes can be compared.
 *
 * @param code a code as a user typed it, or as a portal sent it, in any case
 * @returns the code in upper case without surrounding space, `ONCRMLEADDELETE` for both names of the lead-deleted event
 */
export function canonicalCode(code: string): string {
	const upper = code.trim().toUpperCase();
	return olderNames.get(upper) ?? upper;
}

/**
 * Whether the user chose an event, under either of its names.
 *
 * @param code as delivered
 * @param selected codes in upper case
 */
export function isSelected(code: string, selected: readonly string[]): boolean {
	const canonical = canonicalCode(code);
	return selected.some((choice) => canonicalCode(choice) === canonical);
}

/** All names of an event. */
export function allNamesOf(code: string): string[] {
	const canonical = canonicalCode(code);
	return [canonical, ...[...olderNames].flatMap(([older, newer]) => (newer === canonical ? older : []))];
}

/** What `event.test` makes the portal send to the handlers bound to it. */
export const testEventCode = 'ONAPPTEST';
