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
export function scopeOfEvent(code: string): string | undefined {
	return SCOPES.find(([pattern]) => pattern.test(code))?.[1];
}

/** The events of the list that an app with these permissions can bind. */
export function eventsInScope(codes: string[], scope: string[]): string[] {
	return codes.filter((code) => {
		const needed = scopeOfEvent(code);
		return needed === undefined || scope.includes(needed);
	});
}
