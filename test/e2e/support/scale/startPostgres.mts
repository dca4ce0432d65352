import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import getPort from 'get-port';

import { debianProgram } from './debianProgram.mjs';
import { startServer } from './server.mjs';

const run = promisify(execFile);

/** PostgreSQL refuses to be run by root; Debian's package brings this user. */
const USER = 'postgres';

/** A server of its own. */
export interface OwnServer {
	port: number;
	stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL with an empty database `postgres`, whose superuser `postgres` needs no password.
 *
 * @param folder is made, and holds its data
 */
export async function startPostgres(folder: string): Promise<OwnServer> {
	const [initdb, postgres, pgIsReady] = [
		await debianProgram('initdb'),
		await debianProgram('postgres'),
		await debianProgram('pg_isready'),
	];
	const user = process.getuid?.() === 0 ? USER : undefined;
	const data = join(folder, 'data');
	await mkdir(folder);
	const init = [initdb, '-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
	if (user === undefined) {
		await run(initdb, init.slice(1));
	} else {
		// Only the folder above is not the user's: it has to let the user pass.
		await run('chown', [user, folder]);
		await chmod(join(folder, '..'), 0o711);
		await run('setpriv', [`--reuid=${user}`, `--regid=${user}`, '--init-groups', '--', ...init], { cwd: '/' });
	}
	const port = await getPort({ host: '127.0.0.1' });
	// It is thrown away after the tests: nothing has to survive a power cut.
	const settings = ['fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', 'max_connections=200'];
	const stop = await startServer({
		name: 'PostgreSQL',
		program: postgres,
		args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
		user,
		ends: 'SIGINT',
		isReady: async () =>
			await run(pgIsReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
				() => true,
				() => false,
			),
	});
	return { port, stop };
}
