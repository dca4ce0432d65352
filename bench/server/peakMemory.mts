import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resident memory of a process, in MB. */
export async function residentMemory(pid: number): Promise<number> {
	const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
	return Number(stdout) / 1024;
}

/** Watches the resident memory of a process, five times a second. */
export function watchMemory(pid: number): { stop(): Promise<number> } {
	let isWatching = true;
	let peak = 0;
	const watching = (async () => {
		while (isWatching) {
			peak = Math.max(peak, await residentMemory(pid));
			await sleep(200);
		}
	})();
	return {
		/** @returns the peak in MB */
		async stop() {
			isWatching = false;
			await watching;
			return peak;
		},
	};
}
