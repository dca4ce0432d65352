/** The leads of a portal that was told nothing else. */
export function sampleLeads(): Array<Record<string, unknown>> {
	return [
		{ TITLE: 'Website form: price request', NAME: 'Carol', LAST_NAME: 'Cook' },
		{ TITLE: 'Trade fair contact', NAME: 'Dan', LAST_NAME: 'Drake' },
		{ TITLE: 'Call back tomorrow', NAME: 'Eve', LAST_NAME: 'Evans' },
	];
}
