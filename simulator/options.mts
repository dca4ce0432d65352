import type { SimulatedApp } from './portal/app.mjs';
import type { Plan } from './portal/plan.mjs';
import type { SimulatedUser } from './portal/user.mjs';
import type { Rate } from './rest/leakyBucket.mjs';

/** How a simulated portal starts. Everything has a default. */
export interface SimulatorOptions {
	/** The portal's port; any free one by default. */
	port?: number;
	/** The authorization server's port; any free one by default. */
	authorizationPort?: number;
	/** `auth.domain` of the events; by default `127.0.0.1:PORT`. */
	domain?: string;
	app?: Partial<SimulatedApp>;
	/** The first one is logged in. */
	users?: SimulatedUser[];
	/** Fields of the leads that are there at the start; by default three. */
	leads?: Array<Record<string, unknown>>;
	/** By default 2 a second, burst 50. */
	rate?: Rate;
	/** By default everything is allowed. */
	plan?: Plan;
	/** Whether `/oauth/authorize/` asks before it sends the browser back; by default it does not. */
	consentPage?: boolean;
	/** Milliseconds between an event and its delivery, by default 5. */
	deliveryDelay?: number;
	/** Deliveries under way at once, by default 10. */
	deliveryParallel?: number;
	/** Milliseconds that a handler has to answer, by default 10,000. */
	deliveryTimeout?: number;
	/** Hexadecimal: every access token, refresh token and code begins with it, so that one that leaks is found. */
	tokenMark?: string;
	/** Names a reservation; by default at random. */
	newProcessId?: () => string;
	/** The clock, in milliseconds since 1970. */
	now?: () => number;
}
