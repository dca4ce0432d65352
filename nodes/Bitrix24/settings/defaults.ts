/**
 * What counts where a form has no value, or an expression gives something else. The forms are preset to the same: n8n's
 * lint wants literals there, and a test holds the two together.
 */
export const defaults = {
	simplify: true,
	authentication: 'oAuth2',
	includeRecord: false,
	recordFields: '',
	includeUser: false,
	ignoreUserIds: '',
	maxAgeMinutes: 0,
	testWith: 'sample',
	checkEvery: 30,
	batchSize: 100,
	execution: 'perBatch',
	acknowledge: 'afterSuccess',
	maxAttempts: 5,
	retryErrors: false,
	whenStopped: 'keepCollecting',
	queueName: '',
} as const;

/** What the forms accept. A timer that is to run for longer than 24 days ends at once. */
export const limits = {
	checkEvery: { min: 5, max: 2_000_000 },
	batchSize: { min: 1, max: 1_000 },
	maxAttempts: { min: 1 },
} as const;
