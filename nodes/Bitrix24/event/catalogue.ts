import { canonicalCode } from './codes';

/** An event that a portal can report. */
export interface CatalogueEvent {
	/** As portals register and send it, upper case. */
	code: string;
	/** The permission that an app needs to receive it; null where none is documented. */
	scope: string | null;
	/** What a user reads in the list, in Title Case and the words of Bitrix24's own forms. */
	name: string;
}

/**
 * The events that Bitrix24's REST documentation has a page for, in the alphabetical order of their names, which n8n
 * demands of a list of options. Test fixture documented-events.json names the pages.
 */
export const eventCatalogue: readonly CatalogueEvent[] = [
	{ code: 'ONCRMADDRESSREGISTER', scope: 'crm', name: 'Address Registered' },
	{ code: 'ONCRMADDRESSUNREGISTER', scope: 'crm', name: 'Address Unregistered' },
	{ code: 'ONAPPINSTALL', scope: 'basic', name: 'App Installed' },
	{ code: 'ONAPPMETHODCONFIRM', scope: 'basic', name: 'App Method Permission Decided' },
	{ code: 'ONAPPPAYMENT', scope: 'basic', name: 'App Payment Received' },
	{ code: 'ONAPPUNINSTALL', scope: 'basic', name: 'App Uninstalled' },
	{ code: 'ONAPPUPDATE', scope: 'basic', name: 'App Updated' },
	{ code: 'ONCRMBANKDETAILADD', scope: 'crm', name: 'Bank Details Added' },
	{ code: 'ONCRMBANKDETAILDELETE', scope: 'crm', name: 'Bank Details Deleted' },
	{ code: 'ONCRMBANKDETAILUPDATE', scope: 'crm', name: 'Bank Details Updated' },
	{ code: 'ONBOOKINGADD', scope: 'booking', name: 'Booking Added' },
	{ code: 'ONBOOKINGDELETE', scope: 'booking', name: 'Booking Deleted' },
	{ code: 'ONBOOKINGRESOURCEADD', scope: 'booking', name: 'Booking Resource Added' },
	{ code: 'ONBOOKINGRESOURCEDELETE', scope: 'booking', name: 'Booking Resource Deleted' },
	{ code: 'ONBOOKINGRESOURCETYPEADD', scope: 'booking', name: 'Booking Resource Type Added' },
	{ code: 'ONBOOKINGRESOURCETYPEDELETE', scope: 'booking', name: 'Booking Resource Type Deleted' },
	{ code: 'ONBOOKINGRESOURCETYPEUPDATE', scope: 'booking', name: 'Booking Resource Type Updated' },
	{ code: 'ONBOOKINGRESOURCEUPDATE', scope: 'booking', name: 'Booking Resource Updated' },
	{ code: 'ONBOOKINGUPDATE', scope: 'booking', name: 'Booking Updated' },
	{ code: 'ONBOOKINGWAITLISTITEMADD', scope: 'booking', name: 'Booking Waitlist Item Added' },
	{ code: 'ONBOOKINGWAITLISTITEMDELETE', scope: 'booking', name: 'Booking Waitlist Item Deleted' },
	{ code: 'ONBOOKINGWAITLISTITEMUPDATE', scope: 'booking', name: 'Booking Waitlist Item Updated' },
	{ code: 'ONCALENDARENTRYADD', scope: 'calendar', name: 'Calendar Event Added' },
	{ code: 'ONCALENDARENTRYDELETE', scope: 'calendar', name: 'Calendar Event Deleted' },
	{ code: 'ONCALENDARENTRYUPDATE', scope: 'calendar', name: 'Calendar Event Updated' },
	{ code: 'ONCALENDARSECTIONADD', scope: 'calendar', name: 'Calendar Section Added' },
	{ code: 'ONCALENDARSECTIONDELETE', scope: 'calendar', name: 'Calendar Section Deleted' },
	{ code: 'ONCALENDARSECTIONUPDATE', scope: 'calendar', name: 'Calendar Section Updated' },
	{ code: 'ONVOXIMPLANTCALLSTART', scope: 'telephony', name: 'Call Answered' },
	{ code: 'ONVOXIMPLANTCALLEND', scope: 'telephony', name: 'Call Finished' },
	{ code: 'ONVOXIMPLANTCALLINIT', scope: 'telephony', name: 'Call Initiated' },
	{ code: 'ONEXTERNALCALLBACKSTART', scope: 'telephony', name: 'Callback Requested' },
	{ code: 'CATALOG.MEASURE.ON.ADD', scope: 'catalog', name: 'Catalog Measurement Unit Added' },
	{ code: 'CATALOG.MEASURE.ON.DELETE', scope: 'catalog', name: 'Catalog Measurement Unit Deleted' },
	{ code: 'CATALOG.MEASURE.ON.UPDATE', scope: 'catalog', name: 'Catalog Measurement Unit Updated' },
	{ code: 'CATALOG.PRICE.ON.ADD', scope: 'catalog', name: 'Catalog Price Added' },
	{ code: 'CATALOG.PRICE.ON.DELETE', scope: 'catalog', name: 'Catalog Price Deleted' },
	{ code: 'CATALOG.PRICE.TYPE.ON.ADD', scope: 'catalog', name: 'Catalog Price Type Added' },
	{ code: 'CATALOG.PRICE.TYPE.ON.DELETE', scope: 'catalog', name: 'Catalog Price Type Deleted' },
	{ code: 'CATALOG.PRICE.TYPE.ON.UPDATE', scope: 'catalog', name: 'Catalog Price Type Updated' },
	{ code: 'CATALOG.PRICE.ON.UPDATE', scope: 'catalog', name: 'Catalog Price Updated' },
	{ code: 'CATALOG.PRODUCT.ON.ADD', scope: 'catalog', name: 'Catalog Product Added' },
	{ code: 'CATALOG.PRODUCT.ON.DELETE', scope: 'catalog', name: 'Catalog Product Deleted' },
	{ code: 'CATALOG.PRODUCT.ON.UPDATE', scope: 'catalog', name: 'Catalog Product Updated' },
	{ code: 'CATALOG.ROUNDING.ON.ADD', scope: 'catalog', name: 'Catalog Rounding Rule Added' },
	{ code: 'CATALOG.ROUNDING.ON.DELETE', scope: 'catalog', name: 'Catalog Rounding Rule Deleted' },
	{ code: 'CATALOG.ROUNDING.ON.UPDATE', scope: 'catalog', name: 'Catalog Rounding Rule Updated' },
	{ code: 'ONIMBOTJOINCHAT', scope: 'imbot', name: 'Chatbot Added to Chat' },
	{ code: 'ONIMCOMMANDADD', scope: 'imbot', name: 'Chatbot Command Called' },
	{ code: 'ONIMBOTDELETE', scope: 'imbot', name: 'Chatbot Deleted' },
	{ code: 'ONIMBOTMESSAGEADD', scope: 'imbot', name: 'Chatbot Message Added' },
	{ code: 'ONIMBOTMESSAGEDELETE', scope: 'imbot', name: 'Chatbot Message Deleted' },
	{ code: 'ONIMBOTMESSAGEUPDATE', scope: 'imbot', name: 'Chatbot Message Updated' },
	{ code: 'ONCRMCOMPANYADD', scope: 'crm', name: 'Company Added' },
	{ code: 'ONCRMCOMPANYUSERFIELDADD', scope: 'crm', name: 'Company Custom Field Added' },
	{ code: 'ONCRMCOMPANYUSERFIELDDELETE', scope: 'crm', name: 'Company Custom Field Deleted' },
	{ code: 'ONCRMCOMPANYUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Company Custom Field List Values Set' },
	{ code: 'ONCRMCOMPANYUSERFIELDUPDATE', scope: 'crm', name: 'Company Custom Field Updated' },
	{ code: 'ONCRMCOMPANYDELETE', scope: 'crm', name: 'Company Deleted' },
	{ code: 'ONCRMCOMPANYUPDATE', scope: 'crm', name: 'Company Updated' },
	{ code: 'ONIMCONNECTORDIALOGFINISH', scope: 'imconnector', name: 'Connector Dialog Finished' },
	{ code: 'ONIMCONNECTORDIALOGSTART', scope: 'imconnector', name: 'Connector Dialog Started' },
	{ code: 'ONIMCONNECTORSTATUSDELETE', scope: 'imconnector', name: 'Connector Disabled on Open Channel' },
	{ code: 'ONIMCONNECTORMESSAGEADD', scope: 'imconnector', name: 'Connector Message Added' },
	{ code: 'ONIMCONNECTORMESSAGEDELETE', scope: 'imconnector', name: 'Connector Message Deleted' },
	{ code: 'ONIMCONNECTORMESSAGEUPDATE', scope: 'imconnector', name: 'Connector Message Updated' },
	{ code: 'ONCRMCONTACTADD', scope: 'crm', name: 'Contact Added' },
	{ code: 'ONCRMCONTACTUSERFIELDADD', scope: 'crm', name: 'Contact Custom Field Added' },
	{ code: 'ONCRMCONTACTUSERFIELDDELETE', scope: 'crm', name: 'Contact Custom Field Deleted' },
	{ code: 'ONCRMCONTACTUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Contact Custom Field List Values Set' },
	{ code: 'ONCRMCONTACTUSERFIELDUPDATE', scope: 'crm', name: 'Contact Custom Field Updated' },
	{ code: 'ONCRMCONTACTDELETE', scope: 'crm', name: 'Contact Deleted' },
	{ code: 'ONCRMCONTACTUPDATE', scope: 'crm', name: 'Contact Updated' },
	{ code: 'ONCRMACTIVITYADD', scope: 'crm', name: 'CRM Activity Added' },
	{ code: 'ONCRMACTIVITYDELETE', scope: 'crm', name: 'CRM Activity Deleted' },
	{ code: 'ONCRMACTIVITYUPDATE', scope: 'crm', name: 'CRM Activity Updated' },
	{ code: 'ONCRMDOCUMENTGENERATORDOCUMENTADD', scope: 'crm', name: 'CRM Document Added' },
	{ code: 'ONCRMDOCUMENTGENERATORDOCUMENTDELETE', scope: 'crm', name: 'CRM Document Deleted' },
	{ code: 'ONCRMDOCUMENTGENERATORDOCUMENTUPDATE', scope: 'crm', name: 'CRM Document Updated' },
	{ code: 'ONCRMCURRENCYADD', scope: 'crm', name: 'Currency Added' },
	{ code: 'ONCRMCURRENCYDELETE', scope: 'crm', name: 'Currency Deleted' },
	{ code: 'ONCRMCURRENCYUPDATE', scope: 'crm', name: 'Currency Updated' },
	{ code: 'ONCRMDEALADD', scope: 'crm', name: 'Deal Added' },
	{ code: 'ONCRMDEALRECURRINGEXPOSE', scope: 'crm', name: 'Deal Created From Recurring Template' },
	{ code: 'ONCRMDEALUSERFIELDADD', scope: 'crm', name: 'Deal Custom Field Added' },
	{ code: 'ONCRMDEALUSERFIELDDELETE', scope: 'crm', name: 'Deal Custom Field Deleted' },
	{ code: 'ONCRMDEALUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Deal Custom Field List Values Set' },
	{ code: 'ONCRMDEALUSERFIELDUPDATE', scope: 'crm', name: 'Deal Custom Field Updated' },
	{ code: 'ONCRMDEALDELETE', scope: 'crm', name: 'Deal Deleted' },
	{ code: 'ONCRMDEALMOVETOCATEGORY', scope: 'crm', name: 'Deal Moved to Another Pipeline' },
	{ code: 'ONCRMDEALUPDATE', scope: 'crm', name: 'Deal Updated' },
	{ code: 'ONSIGNB2EDOCUMENTSTATUSCHANGED', scope: null, name: 'E-Signature Document Status Changed' },
	{ code: 'ONSIGNB2EMEMBERSTATUSCHANGED', scope: null, name: 'E-Signature Participant Status Changed' },
	{ code: 'ONCRMQUOTEADD', scope: 'crm', name: 'Estimate Added' },
	{ code: 'ONCRMQUOTEUSERFIELDADD', scope: 'crm', name: 'Estimate Custom Field Added' },
	{ code: 'ONCRMQUOTEUSERFIELDDELETE', scope: 'crm', name: 'Estimate Custom Field Deleted' },
	{ code: 'ONCRMQUOTEUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Estimate Custom Field List Values Set' },
	{ code: 'ONCRMQUOTEUSERFIELDUPDATE', scope: 'crm', name: 'Estimate Custom Field Updated' },
	{ code: 'ONCRMQUOTEDELETE', scope: 'crm', name: 'Estimate Deleted' },
	{ code: 'ONCRMQUOTEUPDATE', scope: 'crm', name: 'Estimate Updated' },
	{ code: 'ONLIVEFEEDPOSTADD', scope: 'log', name: 'Feed Post Added' },
	{ code: 'ONLIVEFEEDPOSTDELETE', scope: 'log', name: 'Feed Post Deleted' },
	{ code: 'ONLIVEFEEDPOSTUPDATE', scope: 'log', name: 'Feed Post Updated' },
	{ code: 'ONSIGNHCMLINKB2EDOCUMENTSIGNED', scope: null, name: 'HCM Link Document Signed' },
	{ code: 'ONCRMLEADADD', scope: 'crm', name: 'Lead Added' },
	{ code: 'ONCRMLEADUSERFIELDADD', scope: 'crm', name: 'Lead Custom Field Added' },
	{ code: 'ONCRMLEADUSERFIELDDELETE', scope: 'crm', name: 'Lead Custom Field Deleted' },
	{ code: 'ONCRMLEADUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Lead Custom Field List Values Set' },
	{ code: 'ONCRMLEADUSERFIELDUPDATE', scope: 'crm', name: 'Lead Custom Field Updated' },
	{ code: 'ONCRMLEADDELETE', scope: 'crm', name: 'Lead Deleted' },
	{ code: 'ONCRMLEADUPDATE', scope: 'crm', name: 'Lead Updated' },
	{ code: 'ONOFFLINEEVENT', scope: null, name: 'Offline Event Queued' },
	{ code: 'ONIMCONNECTORLINEDELETE', scope: 'imconnector', name: 'Open Channel Deleted' },
	{ code: 'ONOPENLINEMESSAGEADD', scope: 'imopenlines', name: 'Open Channel Message Added' },
	{ code: 'ONOPENLINEMESSAGEDELETE', scope: 'imopenlines', name: 'Open Channel Message Deleted' },
	{ code: 'ONOPENLINEMESSAGEUPDATE', scope: 'imopenlines', name: 'Open Channel Message Updated' },
	{ code: 'ONSESSIONFINISH', scope: 'imopenlines', name: 'Open Channel Session Finished' },
	{ code: 'ONSESSIONSTART', scope: 'imopenlines', name: 'Open Channel Session Started' },
	{ code: 'ONSALEBEFOREORDERDELETE', scope: 'sale', name: 'Order About to Be Deleted' },
	{ code: 'ONORDERDELETED', scope: 'sale', name: 'Order Deleted' },
	{ code: 'ONPROPERTYVALUEDELETED', scope: 'sale', name: 'Order Property Value Deleted' },
	{ code: 'ONPROPERTYVALUEENTITYSAVED', scope: 'sale', name: 'Order Property Value Saved' },
	{ code: 'ONORDERENTITYSAVED', scope: 'sale', name: 'Order Saved' },
	{ code: 'ONSALEORDERSAVED', scope: 'sale', name: 'Order Saved with Related Records' },
	{ code: 'ONEXTERNALCALLSTART', scope: 'telephony', name: 'Outgoing Call Requested' },
	{ code: 'ONPAYMENTDELETED', scope: 'sale', name: 'Payment Deleted' },
	{ code: 'ONPAYMENTENTITYSAVED', scope: 'sale', name: 'Payment Saved' },
	{ code: 'ONCRMDEALRECURRINGADD', scope: 'crm', name: 'Recurring Deal Template Added' },
	{ code: 'ONCRMDEALRECURRINGDELETE', scope: 'crm', name: 'Recurring Deal Template Deleted' },
	{ code: 'ONCRMDEALRECURRINGUPDATE', scope: 'crm', name: 'Recurring Deal Template Updated' },
	{ code: 'ONCRMREQUISITEADD', scope: 'crm', name: 'Requisite Added' },
	{ code: 'ONCRMREQUISITEUSERFIELDADD', scope: 'crm', name: 'Requisite Custom Field Added' },
	{ code: 'ONCRMREQUISITEUSERFIELDDELETE', scope: 'crm', name: 'Requisite Custom Field Deleted' },
	{ code: 'ONCRMREQUISITEUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Requisite Custom Field List Values Set' },
	{ code: 'ONCRMREQUISITEUSERFIELDUPDATE', scope: 'crm', name: 'Requisite Custom Field Updated' },
	{ code: 'ONCRMREQUISITEDELETE', scope: 'crm', name: 'Requisite Deleted' },
	{ code: 'ONCRMREQUISITEUPDATE', scope: 'crm', name: 'Requisite Updated' },
	{ code: 'ONSHIPMENTDELETED', scope: 'sale', name: 'Shipment Deleted' },
	{ code: 'ONSHIPMENTENTITYSAVED', scope: 'sale', name: 'Shipment Saved' },
	{ code: 'ONCRMTYPEADD', scope: 'crm', name: 'Smart Process Added' },
	{ code: 'ONCRMTYPEUSERFIELDADD', scope: 'crm', name: 'Smart Process Custom Field Added' },
	{ code: 'ONCRMTYPEUSERFIELDDELETE', scope: 'crm', name: 'Smart Process Custom Field Deleted' },
	{ code: 'ONCRMTYPEUSERFIELDSETENUMVALUES', scope: 'crm', name: 'Smart Process Custom Field List Values Set' },
	{ code: 'ONCRMTYPEUSERFIELDUPDATE', scope: 'crm', name: 'Smart Process Custom Field Updated' },
	{ code: 'ONCRMTYPEDELETE', scope: 'crm', name: 'Smart Process Deleted' },
	{ code: 'ONCRMDYNAMICITEMADD', scope: 'crm', name: 'Smart Process Item Added' },
	{ code: 'ONCRMDYNAMICITEMDELETE', scope: 'crm', name: 'Smart Process Item Deleted' },
	{ code: 'ONCRMDYNAMICITEMUPDATE', scope: 'crm', name: 'Smart Process Item Updated' },
	{ code: 'ONCRMTYPEUPDATE', scope: 'crm', name: 'Smart Process Updated' },
	{ code: 'ONTASKADD', scope: 'task', name: 'Task Added' },
	{ code: 'ONTASKCOMMENTADD', scope: 'task', name: 'Task Comment Added' },
	{ code: 'ONTASKCOMMENTDELETE', scope: 'task', name: 'Task Comment Deleted' },
	{ code: 'ONTASKCOMMENTUPDATE', scope: 'task', name: 'Task Comment Updated' },
	{ code: 'ONTASKDELETE', scope: 'task', name: 'Task Deleted' },
	{ code: 'ONTASKUPDATE', scope: 'task', name: 'Task Updated' },
	{ code: 'ONCRMTIMELINECOMMENTADD', scope: 'crm', name: 'Timeline Comment Added' },
	{ code: 'ONCRMTIMELINECOMMENTDELETE', scope: 'crm', name: 'Timeline Comment Deleted' },
	{ code: 'ONCRMTIMELINECOMMENTUPDATE', scope: 'crm', name: 'Timeline Comment Updated' },
	{ code: 'ONUSERADD', scope: 'user', name: 'User Added' },
	{ code: 'ONSONETGROUPADD', scope: 'sonet', name: 'Workgroup Added' },
	{ code: 'ONSONETGROUPDELETE', scope: 'sonet', name: 'Workgroup Deleted' },
	{ code: 'ONSONETGROUPUPDATE', scope: 'sonet', name: 'Workgroup Updated' },
];

/**
 * The permission that an app needs for an event.
 *
 * @param code in any case
 * @returns null when every app may have it, or it is not a documented event
 */
export function scopeOf(code: string): string | null {
	const canonical = canonicalCode(code);
	const scope = eventCatalogue.find((event) => event.code === canonical)?.scope ?? null;
	return scope === 'basic' ? null : scope;
}

// What Bitrix24 offers to apps alone: events about the app itself, chatbots, the queue, and this one of deals.
const appOnly = /^ON(?:APP|IMBOT|IMCOMMAND|OFFLINEEVENT$|CRMDEALMOVETOCATEGORY$)/;

/** The events that an outgoing webhook never gets. */
export const appOnlyEvents = codesOf((code) => appOnly.test(code));

/** The events that portals with the new task card (module tasks from 25.700.0 on) never send. */
export const oldTaskCardEvents = codesOf((code) => /^ONTASKCOMMENT(?:UPDATE|DELETE)$/.test(code));

/** The event that says of the app's queue of offline events that there is something in it. */
export const offlineEventCode = 'ONOFFLINEEVENT';

function codesOf(isMeant: (code: string) => boolean): string[] {
	return eventCatalogue.map(({ code }) => code).filter(isMeant);
}

const caveats: ReadonlyArray<readonly [codes: readonly string[], caveat: string]> = [
	[
		[offlineEventCode],
		'Says only that the queue of this app has something: Bitrix24 Queue Trigger reads it by itself.',
	],
	[oldTaskCardEvents, 'Never sent by a portal that has the new task card.'],
	[appOnlyEvents, 'Comes only to an app, not to an outgoing webhook.'],
];

/**
 * What somebody who chooses an event has to know, since it may never arrive.
 *
 * @param code of the catalogue
 */
export function caveatsOf(code: string): string[] {
	return caveats.filter(([codes]) => codes.includes(code)).map(([, caveat]) => caveat);
}
