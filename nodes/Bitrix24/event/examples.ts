type Example = string | Example[] | { [key: string]: Example };
type Data = { [key: string]: Example };

const ID = '1000983';
const lead: Data = { FIELDS: { ID } };

function customFieldOf(entityId: string): Data {
	return { FIELDS: { ID: '6977', ENTITY_ID: entityId, FIELD_NAME: 'UF_CRM_1742999523' } };
}

const bot = { BOT_ID: '567', BOT_CODE: 'BOT' };
const chatUser = { ID: '27', NAME: 'Svetlana Ivanova' };

function messageToBot(message: string): Data {
	const parties = { DIALOG_ID: '27', FROM_USER_ID: '27', TO_USER_ID: '567' };
	return { MESSAGE: message, MESSAGE_ID: '84331', CHAT_TYPE: 'P', LANGUAGE: 'en', ...parties };
}

function channelTalk(part: Data): Data {
	const connector = { connector_id: 'livechat', line_id: '128', chat_id: '10585', user_id: '1984' };
	return { DATA: [{ connector, chat: { id: '10585' }, ...part }] };
}

function session(closed: string): Data {
	return { session: { id: '42', closed, parent_id: '0', close_term: '60' }, user: { id: '1984' } };
}

function channelMessage(message: Data): Data {
	return { im: { chat_id: '1024', message_id: '2056' }, message, chat: { id: '1024' } };
}

function taskChange(before: Example, after: Example, accessibleBefore: string, accessibleAfter: string): Data {
	return {
		FIELDS_BEFORE: before,
		FIELDS_AFTER: after,
		IS_ACCESSIBLE_BEFORE: accessibleBefore,
		IS_ACCESSIBLE_AFTER: accessibleAfter,
	};
}

const task = { ID: '123' };
const comment = { ID: '123', TASK_ID: '555' };
// The word that stands in the documented payloads where there is nothing to say.
const absent = 'undefined';

const crmClient = { CRM_ENTITY_TYPE: 'CONTACT', CRM_ENTITY_ID: '5785' };
const externalCallId = 'externalCall.7b0c7de811455ef32b18dc5917e4306a.1773239327';

// Only what is not shaped like a lead; the first row that matches counts. null: the event has no data, or no map of it.
const examples: ReadonlyArray<readonly [codes: RegExp, data: Data | null]> = [
	[/^ONOFFLINEEVENT$/, null],
	// Its data is the id of the open channel and nothing around it.
	[/^ONIMCONNECTORLINEDELETE$/, null],
	[/^ONAPPINSTALL$/, { VERSION: '1.0.0', ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: 'en' }],
	[/^ONAPPUPDATE$/, { VERSION: '2.1.0', PREVIOUS_VERSION: '2.0.3', LANGUAGE_ID: 'en' }],
	[/^ONAPPUNINSTALL$/, { LANGUAGE_ID: 'en', CLEAN: '1' }],
	[
		/^ONAPPPAYMENT$/,
		{ CODE: 'company.app', VERSION: '1', STATUS: 'S', PAYMENT_EXPIRED: 'N', DAYS: '28', LANGUAGE_ID: 'en' },
	],
	[/^ONAPPMETHODCONFIRM$/, { TOKEN: 'example', METHOD: 'voximplant.user.get', CONFIRMED: '1', LANGUAGE_ID: 'en' }],
	[/^ON(?:BOOKING|CRMTIMELINECOMMENT)/, { ID }],
	[/^ONCALENDAR/, { id: ID }],
	[/^ONCRMCURRENCY/, { FIELDS: { ID: 'CHE' } }],
	[/^ONCRMCOMPANYUSERFIELD/, customFieldOf('CRM_COMPANY')],
	[/^ONCRMCONTACTUSERFIELD/, customFieldOf('CRM_CONTACT')],
	[/^ONCRMDEALUSERFIELD/, customFieldOf('CRM_DEAL')],
	[/^ONCRMLEADUSERFIELD/, customFieldOf('CRM_LEAD')],
	[/^ONCRMQUOTEUSERFIELD/, customFieldOf('CRM_QUOTE')],
	[/^ONCRMREQUISITEUSERFIELD/, customFieldOf('CRM_REQUISITE')],
	[/^ONCRMTYPEUSERFIELD/, customFieldOf('CRM_13')],
	[/^ONCRMDEALMOVETOCATEGORY$/, { FIELDS: { ID, CATEGORY_ID: '1', STAGE_ID: 'C1:NEW' } }],
	[/^ONCRMDEALRECURRINGEXPOSE$/, { FIELDS: { ID, RECURRING_DEAL_ID: '6791', DEAL_ID: '6799' } }],
	[/^ONCRMDEALRECURRING(?:ADD|UPDATE)$/, { FIELDS: { ID, RECURRING_DEAL_ID: '6791' } }],
	[/^ONCRMDOCUMENTGENERATORDOCUMENT/, { FIELDS: { ID: '1869', ENTITY_TYPE_ID: '1', ENTITY_ID: ID } }],
	[/^ONCRMDYNAMICITEM/, { FIELDS: { ID, ENTITY_TYPE_ID: '1220' } }],
	[
		/^ONCRMADDRESS/,
		{ FIELDS: { TYPE_ID: '1', ENTITY_TYPE_ID: '8', ENTITY_ID: '1', ANCHOR_ID: '17192', ANCHOR_TYPE_ID: '3' } },
	],
	[/^ONIMBOTDELETE$/, { BOT_ID: '567', BOT_CODE: 'BOT' }],
	[/^ONIMBOTMESSAGE/, { BOT: { 567: bot }, PARAMS: messageToBot('Hello'), USER: chatUser }],
	[
		/^ONIMBOTJOINCHAT$/,
		{
			BOT: { 567: bot },
			PARAMS: {
				BOT_ID: '567',
				USER_ID: '27',
				CHAT_TYPE: 'P',
				DIALOG_ID: '27',
				FROM_USER_ID: '567',
				TO_USER_ID: '27',
				LANGUAGE: 'en',
			},
			USER: chatUser,
		},
	],
	[
		/^ONIMCOMMANDADD$/,
		{
			COMMAND: {
				103: { ...bot, COMMAND: 'echo', COMMAND_ID: '103', COMMAND_PARAMS: 'test', MESSAGE_ID: '84331' },
			},
			PARAMS: messageToBot('/echo test'),
			USER: chatUser,
		},
	],
	[/^ONIMCONNECTORDIALOGSTART$/, { CONNECTOR: 'myconnector', LINE: '107', ...channelTalk(session('N')) }],
	[/^ONIMCONNECTORDIALOGFINISH$/, { CONNECTOR: 'myconnector', LINE: '107', ...channelTalk(session('Y')) }],
	[
		/^ONIMCONNECTORMESSAGEADD$/,
		{
			CONNECTOR: 'myconnector',
			LINE: '107',
			MESSAGES: [{ ...channelMessage({ user_id: '27', text: 'Hello' }), chat: { id: 'channel-123' } }],
		},
	],
	[
		/^ONIMCONNECTORMESSAGEUPDATE$/,
		{
			CONNECTOR: 'myconnector',
			LINE: '107',
			MESSAGES: [{ ...channelMessage({ id: ['message-005'], text: 'Hello' }), chat: { id: 'channel-123' } }],
		},
	],
	[
		/^ONIMCONNECTORMESSAGEDELETE$/,
		{
			CONNECTOR: 'myconnector',
			LINE: '107',
			MESSAGES: [{ ...channelMessage({ id: 'message-005' }), chat: { id: 'channel-123' } }],
		},
	],
	[/^ONIMCONNECTORSTATUSDELETE$/, { connector: 'myconnector', line: '107' }],
	[
		/^ONOPENLINEMESSAGEADD$/,
		channelTalk({
			message: { id: '80964', date: '', text: 'Hello', attach: '', system: 'N', user_id: '1984' },
			extra: { EXTRA_URL: '' },
		}),
	],
	[/^ONOPENLINEMESSAGE/, { CONNECTOR: 'livechat', LINE: '128', DATA: [channelMessage({ id: '2056' })] }],
	[/^ONSESSIONSTART$/, channelTalk(session('N'))],
	[/^ONSESSIONFINISH$/, channelTalk(session('Y'))],
	[/^ONLIVEFEEDPOST/, { FIELDS: { POST_ID: '209' } }],
	[/^ONSALEORDERSAVED$/, { FIELDS: { ID, XML_ID: '', ACTION: 'save' } }],
	[/^ONSALEBEFOREORDERDELETE$/, { FIELDS: { ID, XML_ID: '', ACTION: 'delete' } }],
	[/^ONTASKADD$/, taskChange(absent, task, 'N', absent)],
	[/^ONTASKUPDATE$/, taskChange(task, task, absent, absent)],
	[/^ONTASKDELETE$/, taskChange(task, absent, absent, 'N')],
	[/^ONTASKCOMMENTADD$/, taskChange(absent, comment, absent, absent)],
	[/^ONTASKCOMMENTUPDATE$/, taskChange(comment, { ...comment, ACTION: 'EDIT' }, absent, absent)],
	[/^ONTASKCOMMENTDELETE$/, taskChange(comment, { ...comment, ACTION: 'DEL' }, absent, absent)],
	[
		/^ONEXTERNALCALLBACKSTART$/,
		{ PHONE_NUMBER: '+494951234567', TEXT: 'Callback', VOICE: 'female', ...crmClient, LINE_NUMBER: '7' },
	],
	[
		/^ONEXTERNALCALLSTART$/,
		{
			PHONE_NUMBER: '+494951234567',
			PHONE_NUMBER_INTERNATIONAL: '+494951234567',
			EXTENSION: '',
			USER_ID: '1269',
			CALL_LIST_ID: '0',
			LINE_NUMBER: '7',
			IS_MOBILE: '0',
			CALL_ID: externalCallId,
			...crmClient,
		},
	],
	[
		/^ONVOXIMPLANTCALLINIT$/,
		{
			CALL_ID: '5E316880469A6376.1773306964.8740011',
			CALL_TYPE: '1',
			ACCOUNT_SEARCH_ID: 'reg150908',
			PHONE_NUMBER: '+494951234567',
			CALLER_ID: 'reg150908',
		},
	],
	[/^ONVOXIMPLANTCALLSTART$/, { CALL_ID: externalCallId, USER_ID: '1269' }],
	[
		/^ONVOXIMPLANTCALLEND$/,
		{
			CALL_ID: externalCallId,
			CALL_TYPE: '1',
			PHONE_NUMBER: '+494951234567',
			PORTAL_NUMBER: 'REST_APP:',
			PORTAL_USER_ID: '1269',
			CALL_DURATION: '0',
			CALL_START_DATE: '2026-03-11T17:28:46+03:00',
			COST: '0',
			COST_CURRENCY: '',
			CALL_FAILED_CODE: '304',
			CALL_FAILED_REASON: 'Call canceled',
			CRM_ACTIVITY_ID: '7953',
		},
	],
	[
		/^ONUSERADD$/,
		{
			ID: '123',
			ACTIVE: 'Y',
			EMAIL: 'user@example.com',
			NAME: 'Klaus',
			LAST_NAME: 'Weber',
			PERSONAL_GENDER: 'M',
			PERSONAL_BIRTHDAY: '1990-01-01',
			UF_DEPARTMENT: ['1', '2'],
			DATE_REGISTER: '2024-04-05T10:00:00+03:00',
			WORK_POSITION: 'Developer',
			UF_EMPLOYMENT_DATE: '2024-04-05',
		},
	],
	[
		/^ONSIGNB2EDOCUMENT/,
		{ documentUid: 'R-LK-50JI-3AAK-WS1A', statusCode: 'signing', statusName: 'Signing in progress' },
	],
	[
		/^ONSIGNB2EMEMBER/,
		{
			memberUid: '2ditmm6vjoolzbygaeua2jltkjb9hgks',
			documentUid: 'R-LK-50JI-3AAK-WS1A',
			statusCode: 'done',
			statusName: 'Signed',
		},
	],
	[/^ONSIGNHCMLINKB2EDOCUMENTSIGNED$/, { id: '3942', company: 'acme-hr' }],
];

/**
 * Gives what an event's payload would carry as `data`, in the documented shape of that event, with example values and
 * without the tokens that bots' events carry there.
 *
 * @param code the event's code, in any case; an event that is not documented is taken to be shaped like a lead
 * @returns a fresh copy, every value a text as a form post has it; null for an event whose data is no map
 */
export function exampleData(code: string): Record<string, unknown> | null {
	const upper = code.trim().toUpperCase();
	const smartProcess = /^ONCRMDYNAMICITEM[A-Z]+_(\d+)$/.exec(upper)?.[1];
	if (smartProcess !== undefined) return { FIELDS: { ID, ENTITY_TYPE_ID: smartProcess } };
	const found = examples.find(([codes]) => codes.test(upper));
	return structuredClone(found === undefined ? lead : found[1]);
}
