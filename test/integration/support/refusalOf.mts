import { NodeOperationError } from 'n8n-workflow';

/**
 * What a user reads of something that is refused. n8n shows nothing but the message of a refused activation, so it has to
 * hold everything.
 *
 * @throws when it is not refused, or not in the form in which a node refuses
 */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
	const outcome: unknown = await work.then(
		() => new Error('It was not refused'),
		(error: unknown) => error,
	);
	if (outcome instanceof NodeOperationError) return outcome.message;
	throw outcome;
}
