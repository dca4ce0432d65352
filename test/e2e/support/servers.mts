import { access, chmod, constants, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import getPort from 'get-port';

import { until } from './until.mjs';

/** A server of its own, on a port of 127.0.0.1. */
export interface OwnServer {
	port: number;
	/** Ends it at once, and in order. */
	stop(): Promise<void>;
}

/** A Redis of its own. */
export interface OwnRedis extends OwnServer {
	/** Asks it, by its own command line: `ask('LLEN', 'list')`. */
	ask(...command: string[]): Promise<string>;
}

/** Debian keeps each version of PostgreSQL apart, and its server outside the search path. */
const POSTGRESQL = '/usr/lib/postgresql';
/** PostgreSQL refuses to be run by root; Debian's package brings this user. */
const POSTGRES_USER = 'postgres';
const START_MS = 60_000;

/**
 * Where a server's program lies. (npm has PostgreSQL's programs, but none of Redis that comes without a download.)
 *
 * @throws when it is not installed, saying how to get it
 */
async function debianProgram(name: string): Promise<string> {
	const versions = await readdir(POSTGRESQL).catch(() => []);
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(POSTGRESQL, version, 'bin'));
	for (const folder of [...newestFirst, ...(process.env.PATH ?? '').split(':')]) {
		const file = join(folder, name);
		const isThere = await access(file, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) return file;
	}
	throw new Error(
		`These tests need Redis and PostgreSQL, and ${name} is not installed. ` +
			'On Debian and Ubuntu: sudo apt-get install -y --no-install-recommends redis-server postgresql',
	);
}

/** Begins a command line that is run by somebody else, where that is wanted. */
const asUser = (user: string | undefined) =>
	user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'];

const isTrue = async (asked: Promise<boolean>) => await asked.catch(() => false);

/** Starts a program that serves others until it is stopped, and waits until it is ready. */
async function serve(
	[program = '', ...args]: string[],
	ends: 'SIGINT' | 'SIGTERM',
	isReady: () => Promise<boolean>,
): Promise<() => Promise<void>> {
	// Whatever becomes of us, the program ends with us.
	const dies = [`--pdeathsig=${ends.replace('SIG', '')}`, '--', program, ...args];
	const server = execa('setpriv', dies, { cwd: '/', all: true, reject: false });
	const stop = async () => {
		server.kill(ends);
		await server;
	};
	const ended = server.then(({ all }) => {
		throw new Error(`${program} ended: ${all}`);
	});
	ended.catch(() => undefined);
	await Promise.race([ended, until(`${program} serves`, isReady, START_MS)]);
	return stop;
}

/**
 * Starts a PostgreSQL with an empty database `postgres`, whose superuser `postgres` needs no password.
 *
 * @param folder is made, and holds its data
 */
export async function startPostgres(folder: string): Promise<OwnServer> {
	const programs = ['initdb', 'postgres', 'pg_isready'].map(debianProgram);
	const [initdb = '', postgres = '', pgIsReady = ''] = await Promise.all(programs);
	const user = process.getuid?.() === 0 ? POSTGRES_USER : undefined;
	const data = join(folder, 'data');
	await mkdir(folder);
	if (user !== undefined) {
		// Only the folder above is not the user's: it has to let the user pass.
		await execa('chown', [user, folder]);
		await chmod(join(folder, '..'), 0o711);
	}
	const options = ['-U', POSTGRES_USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
	const [first = '', ...init] = [...asUser(user), initdb, '-D', data, ...options];
	await execa(first, init, { cwd: '/' });
	const port = await getPort({ host: '127.0.0.1' });
	// It is thrown away after the tests: nothing has to survive a power cut.
	const settings = ['fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', 'max_connections=200'];
	const command = [postgres, '-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
	const isReady = async () =>
		await isTrue(execa(pgIsReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(() => true));
	return { port, stop: await serve([...asUser(user), ...command], 'SIGINT', isReady) };
}

/**
 * Starts an empty Redis that keeps everything in memory.
 *
 * @param folder is made; its working folder
 */
export async function startRedis(folder: string): Promise<OwnRedis> {
	const [redisServer = '', redisCli = ''] = await Promise.all(['redis-server', 'redis-cli'].map(debianProgram));
	await mkdir(folder);
	const port = await getPort({ host: '127.0.0.1' });
	const ask = async (...command: string[]) => (await execa(redisCli, ['-p', String(port), ...command])).stdout;
	const memory = ['--save', '', '--appendonly', 'no'];
	const command = [redisServer, '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...memory];
	const isReady = async () => await isTrue(ask('PING').then((answer) => answer === 'PONG'));
	return { port, ask, stop: await serve(command, 'SIGTERM', isReady) };
}
