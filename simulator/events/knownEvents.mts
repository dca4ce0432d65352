const SMART_PROCESS = 1220;

const crud = (entity: string): string[] => [`ON${entity}ADD`, `ON${entity}UPDATE`, `ON${entity}DELETE`];

/**
 * What REST `events` answers on a portal with one smart process (type 1220), before the app's scope is applied.
 * Note that leads are `ONCRMLEAD...`: the name `ONLEADDELETE` of older documentation is not on the list.
 */
export function knownEvents(): string[] {
	const smartProcess = crud('CRMDYNAMICITEM');
	return [
		...['ONAPPUNINSTALL', 'ONAPPINSTALL', 'ONAPPUPDATE', 'ONAPPPAYMENT', 'ONAPPTEST', 'ONAPPMETHODCONFIRM'],
		'ONOFFLINEEVENT',
		'ONUSERADD',
		...['CRMLEAD', 'CRMDEAL', 'CRMCOMPANY', 'CRMCONTACT', 'CRMQUOTE', 'CRMCURRENCY'].flatMap(crud),
		...['CRMACTIVITY', 'CRMREQUISITE', 'CRMBANKDETAIL', 'CRMTIMELINECOMMENT', 'CRMTYPE'].flatMap(crud),
		'ONCRMDEALMOVETOCATEGORY',
		...['ONCRMADDRESSREGISTER', 'ONCRMADDRESSUNREGISTER'],
		...smartProcess,
		...smartProcess.map((code) => `${code}_${SMART_PROCESS}`),
		...[...crud('TASK'), ...crud('TASKCOMMENT'), ...crud('CALENDARENTRY')],
	];
}

/** Which permission an event code belongs to, by the beginning of its name. */
const SCOPES: ReadonlyArray<[RegExp, string]> = [
	[/^ON(CRM|LEAD)/, 'crm'],
	[/^ONTASK/, 'task'],
	[/^ONCALENDAR/, 'calendar'],
	[/^ONBOOKING/, 'booking'],
	[/^ONSONET/, 'sonet'],
	[/^ONUSER/, 'user'],
];

/** The permission that an app needs to see the event; undefined for events that every app sees. */
function scopeOfEvent(code: string): string | undefined {
	return SCOPES.find(([pattern]) => pattern.test(code))?.[1];
}

/** The events of the list that an app with these permissions can bind. */
export function eventsInScope(codes: string[], scope: string[]): string[] {
	return codes.filter((code) => {
		const needed = scopeOfEvent(code);
		return needed === undefined || scope.includes(needed);
	});
}
