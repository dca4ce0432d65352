/** A REST answer before it is written. */
export interface Answer {
	/** HTTP status. */
	status: number;
	body: Record<string, unknown>;
	/** Whose token it was; null when nobody could be recognised. */
	userId: number | null;
	/** `error` of the body. */
	error?: string;
}
