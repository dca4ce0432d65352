/** Who caused a change: a user by id, or `robot` for an automation rule, a workflow or an agent. */
export type Actor = number | 'robot';

/** What is known about the cause of an event. */
export interface Origin {
	by: Actor;
	/** The app that made the change by REST itself, if one did. */
	appId?: number;
	/** The `auth_connector` of that REST call, `''` without one. */
	connector?: string;
	/** Settles when the REST call has been answered: the queue server hears of an event only after that. */
	answered?: Promise<void>;
}
