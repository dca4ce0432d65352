import { ActionableError, meaningOf } from '../api/errors';

/** Whether the portal answers that it does not understand the call. */
export function isBadRequest(error: unknown): error is ActionableError {
	return error instanceof ActionableError && error.failure?.status === 400;
}

/** What the portal refuses of this call alone, null when it takes it. What else goes wrong is thrown. */
export async function refusalOf(sending: Promise<void>): Promise<ActionableError | null> {
	return await sending.then(
		() => null,
		(error: unknown) => {
			if (isBadRequest(error)) return error;
			throw error;
		},
	);
}

/** Whether records may be reserved although the call has failed. */
export function mayHaveReserved(error: unknown): boolean {
	const failure = error instanceof ActionableError ? error.failure : null;
	return failure !== null && meaningOf(failure).mayHaveHappened === true;
}

/** What a filter names. */
export type OneOrMany = string | readonly string[];

/** Asks for what a filter names: for all of them at once, or one after the other where the portal takes no list. */
export async function askFor<T>(names: readonly string[], ask: (names: OneOrMany) => Promise<T[]>): Promise<T[]> {
	return await ask(names).catch(async (error: unknown) => {
		if (!isBadRequest(error)) throw error;
		const each: T[] = [];
		for (const name of names) each.push(...(await ask(name)));
		return each;
	});
}
