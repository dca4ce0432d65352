/** One line of the log of REST calls. */
export interface RestCall {
	/** Milliseconds since 1970. */
	at: number;
	method: string;
	/** The parameters without tokens. */
	params: Record<string, unknown>;
	/** The token's user; null when nobody could be recognised. */
	userId: number | null;
	/** HTTP status answered; 0 where a fault kept the answer back. */
	status: number;
	/** `error` of the answer. */
	error?: string;
}
