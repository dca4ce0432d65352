import pWaitFor from 'p-wait-for';

type Nothing = false | null | undefined | 0 | '';

const isThere = <T,>(seen: T): seen is Exclude<T, Nothing> => Boolean(seen);

/**
 * Waits for something that n8n or the portal does in the background.
 *
 * @param what for the message when it never comes, e.g. "the learning handler is gone"
 * @param look called until it returns something true
 * @returns what `look` returned
 */
export async function until<T>(
	what: string,
	look: () => T | Promise<T>,
	patienceMs = 60_000,
	interval = 100,
): Promise<Exclude<T, Nothing>> {
	// The timeout of p-wait-for 6 has Node.js warn of a leak after ten looks.
	const deadline = Date.now() + patienceMs;
	return await pWaitFor(
		async () => {
			const seen = await look();
			if (isThere(seen)) return pWaitFor.resolveWith(seen);
			if (Date.now() > deadline) throw new Error(`Waited ${patienceMs / 1000} seconds in vain until ${what}`);
			return false;
		},
		{ interval },
	);
}
