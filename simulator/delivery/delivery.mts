import type { PhpStrings } from './phpStrings.mjs';

/** One line of the log of deliveries. */
export interface Delivery {
	/** Milliseconds since 1970: when it left the queue. */
	at: number;
	event: string;
	/** The URL that was called. */
	handler: string;
	/** The payload, nested, all strings; tokens included. */
	form: { [key: string]: PhpStrings };
	/** HTTP status of the handler's answer; null without one. */
	status: number | null;
	/** Body of the handler's answer. */
	answer: string;
	/** Why there was no answer. */
	error?: string;
}

/** The run of a workflow that a delivery has started. */
export interface ExecutionLink {
	id: string;
	url: string;
	/** e.g. `success` */
	status: string;
}
