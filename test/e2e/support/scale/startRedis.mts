import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

import getPort from 'get-port';

import { debianProgram } from './debianProgram.mjs';
import { startServer } from './server.mjs';
import type { OwnServer } from './startPostgres.mjs';

const run = promisify(execFile);

/** A Redis of its own. */
export interface OwnRedis extends OwnServer {
	/** Asks it, by its own command line: `ask('LLEN', 'list')`. */
	ask(...command: string[]): Promise<string>;
}

/**
 * Starts an empty Redis that keeps everything in memory.
 *
 * @param folder is made; its working folder
 */
export async function startRedis(folder: string): Promise<OwnRedis> {
	const [redisServer, redisCli] = [await debianProgram('redis-server'), await debianProgram('redis-cli')];
	await mkdir(folder);
	const port = await getPort({ host: '127.0.0.1' });
	const ask = async (...command: string[]) => (await run(redisCli, ['-p', String(port), ...command])).stdout.trim();
	const stop = await startServer({
		name: 'Redis',
		program: redisServer,
		args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
		ends: 'SIGTERM',
		isReady: async () =>
			await ask('PING').then(
				(answer) => answer === 'PONG',
				() => false,
			),
	});
	return { port, ask, stop };
}
