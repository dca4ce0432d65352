/** The leads of a portal that was told nothing else. */
export function sampleLeads(): Array<Record<string, unknown>> {
	return [
		{
			TITLE: 'Website form: price request',
			NAME: 'Carol',
			LAST_NAME: 'Cook',
			COMPANY_TITLE: 'Cook & Sons',
			PHONE: [{ VALUE: '+44 20 7946 0101', VALUE_TYPE: 'WORK' }],
			ASSIGNED_BY_ID: '1',
			OPPORTUNITY: '1200.00',
			CURRENCY_ID: 'EUR',
		},
		{ TITLE: 'Trade fair contact', NAME: 'Dan', LAST_NAME: 'Drake', COMPANY_TITLE: 'Drake Ltd', ASSIGNED_BY_ID: '15' },
		{ TITLE: 'Call back tomorrow', NAME: 'Eve', LAST_NAME: 'Evans' },
	];
}
