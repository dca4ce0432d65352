/**
 * What an n8n process does. A main does everything; in queue mode it can leave running workflows to workers, and
 * production webhooks to webhook processors.
 */
export type N8nRole = 'main' | 'worker' | 'webhook';

interface RoleSettings {
	/** n8n's command. */
	readonly command: string;
	/** Paths that all answer once the process does its work. */
	readonly readyAt: readonly string[];
	/** What makes it listen at a port of 127.0.0.1. */
	environment(port: number): Record<string, string>;
}

const READY = '/healthz/readiness';

export const N8N_ROLES: Readonly<Record<N8nRole, RoleSettings>> = {
	// Its REST interface is there only some time after its database is migrated.
	main: { command: 'start', readyAt: [READY, '/rest/settings'], environment: () => ({}) },
	worker: {
		command: 'worker',
		readyAt: [READY],
		environment: (port) => ({
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		}),
	},
	webhook: { command: 'webhook', readyAt: [READY], environment: () => ({}) },
};
