import type { Failure } from './failure';

/** Why something that the user asked for can not be done, in words for a person who writes no code. */
export class Refusal extends Error {
	/**
	 * @param what what happened, a sentence
	 * @param remedy what to do next, a sentence or two
	 * @param failure the REST failure behind it, if one is
	 */
	constructor(
		readonly what: string,
		readonly remedy: string,
		readonly failure: Failure | null = null,
	) {
		super(`${what} ${remedy}`);
	}
}
