import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

import getPort from 'get-port';

import { debianProgram } from './debianProgram.mjs';
import { startServer } from './server.mjs';
import type { OwnServer } from './startPostgres.mjs';

const run = promisify(execFile);

/**
 * Starts an empty Redis that keeps everything in memory.
 *
 * @param folder is made; its working folder
 */
export async function startRedis(folder: string): Promise<OwnServer> {
	const [redisServer, redisCli] = [await debianProgram('redis-server'), await debianProgram('redis-cli')];
	await mkdir(folder);
	const port = await getPort({ host: '127.0.0.1' });
	const stop = await startServer({
		name: 'Redis',
		program: redisServer,
		args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
		ends: 'SIGTERM',
		isReady: async () =>
			await run(redisCli, ['-p', String(port), 'ping']).then(
				({ stdout }) => stdout.trim() === 'PONG',
				() => false,
			),
	});
	return { port, stop };
}
