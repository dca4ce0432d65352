import { mkdir } from 'node:fs/promises';

import { lock } from 'proper-lockfile';

/** A lock that nobody has renewed for that long belongs to a process that died. */
const STALE_MS = 30_000;

/**
 * Does something that only one process on this machine may do at a time.
 *
 * @param folder what is locked; made if need be
 * @param waiting called when another process is at it, and we wait for it
 */
export async function withLock<T>(folder: string, waiting: () => void, act: () => Promise<T>): Promise<T> {
	await mkdir(folder, { recursive: true });
	const options = {
		stale: STALE_MS,
		// A laptop that slept may lose its lock; to break off then would be worse than to go on.
		onCompromised: () => undefined,
	};
	const release = await lock(folder, options).catch(async () => {
		waiting();
		return await lock(folder, { ...options, retries: { forever: true, minTimeout: 1000, maxTimeout: 1000 } });
	});
	try {
		return await act();
	} finally {
		// A lost lock can not be given back.
		await release().catch(() => undefined);
	}
}
