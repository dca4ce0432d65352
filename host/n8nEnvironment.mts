/** Modules of n8n that call the internet, or cost time at start, and that no trigger needs. */
const DISABLED_MODULES = [
	// Asks api.n8n.io for its list at every start.
	'mcp-registry',
	'mcp',
	'chat-hub',
	'instance-ai',
	'agents',
	'workflow-builder',
	'insights',
	'sso-oidc',
	'sso-saml',
	'ldap',
	'log-streaming',
	'source-control',
	'external-secrets',
	'breaking-changes',
	'quick-connect',
	'otel',
	'token-exchange',
	'instance-version-history',
];

/** Settings of whoever starts us that must not reach an n8n of its own: another n8n's, the test runner's, npm's. */
const FOREIGN =
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_URL$|GENERIC_|CREDENTIALS_|NODES_|NODE_ENV$|NODE_OPTIONS$|JEST_|npm_)/;

/** Where an n8n listens and keeps its data. */
export interface N8nPlace {
	/** n8n keeps everything in `.n8n` below it. */
	userFolder: string;
	port: number;
	/** For n8n's inner traffic with the process that runs Code nodes. */
	brokerPort: number;
	/** With a trailing slash. OAuth callbacks and test webhooks come to the same address. */
	webhookUrl: string;
}

/**
 * The environment for a quiet n8n that only this machine reaches and that calls nobody.
 *
 * @param inherited the environment of whoever starts it: kept but for n8n's, npm's and the test runner's settings
 * @param settings what else is wanted, stronger than everything else
 */
export function n8nEnvironment(
	place: N8nPlace,
	inherited: NodeJS.ProcessEnv,
	settings: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
	const kept = Object.entries(inherited).filter(([name]) => !FOREIGN.test(name));
	return {
		...Object.fromEntries(kept),
		N8N_USER_FOLDER: place.userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(place.port),
		N8N_RUNNERS_BROKER_PORT: String(place.brokerPort),
		// The second is the name that n8n knows since 2.4x, the first the one that older versions know.
		WEBHOOK_URL: place.webhookUrl,
		N8N_WEBHOOK_URL: place.webhookUrl,
		// The editor is served over http here, where browsers do not keep secure cookies.
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DISABLED_MODULES: DISABLED_MODULES.join(','),
		// Community packages stay on, the list of those that n8n has vetted (on the internet) does not.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		...settings,
	};
}
