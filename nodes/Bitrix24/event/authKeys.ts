/** What Bitrix24 documents of an event's `auth`. */
export const authKeys = [
	'domain',
	'member_id',
	'application_token',
	'client_endpoint',
	'server_endpoint',
	'scope',
	'status',
	'access_token',
	'refresh_token',
	'expires',
	'expires_in',
	'user_id',
] as const;
