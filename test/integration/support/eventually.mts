import { until } from '../../e2e/support/until.mjs';

/**
 * Waits for something that a trigger does in the background, in a test whose clock is fast: forty minutes by that clock.
 *
 * @param what for the message when it never comes
 * @param look called until it returns something true
 */
export async function eventually(what: string, look: () => boolean): Promise<void> {
	await until(what, look, 40 * 60_000, 10);
}
