import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import getPort from 'get-port';

import { Cleanup } from '../../../../demo/Cleanup.mjs';
import {
	installCommunityPackage,
	N8nClient,
	type N8nProcess,
	type N8nRole,
	startN8n,
} from '../../../../host/index.mjs';
import { type SimulatorOptions, startSimulator } from '../../../../simulator/index.mjs';
import { preparedInstall } from '../preparedInstall.mjs';
import { connect, NO_RATE_LIMIT, type World } from '../world.mjs';
import { openFrontDoor } from './frontDoor.mjs';
import { type Line, openLine } from './openLine.mjs';
import { startPostgres } from './startPostgres.mjs';
import { startRedis } from './startRedis.mjs';

/** A world whose n8n consists of several processes behind one address. `n8n` is the main. */
export interface ScaledWorld extends World {
	workers: readonly [N8nProcess, N8nProcess];
	/** The webhook processor. */
	receiver: N8nProcess;
	/** What the main reaches Redis by. */
	line: Line;
	/** How many runs are with a worker, by what Redis has. */
	running(): Promise<number>;
}

/** What every process of one n8n has in common. */
function sharedSettings(redisPort: number, postgresPort: number): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		// n8n ends itself when Redis is away for longer; by default after ten seconds.
		QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '60000',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgresPort),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'postgres',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		// n8n notices after this time that a worker is gone; by default after a minute and a half.
		QUEUE_WORKER_LOCK_DURATION: '15000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
		QUEUE_WORKER_STALLED_INTERVAL: '5000',
	};
}

/**
 * Starts n8n in queue mode beside a simulated portal: one main, two workers and a webhook processor, with a Redis and a
 * PostgreSQL of their own, each with the package in a user folder of its own, as on machines of their own. About a minute.
 */
export async function openScaledWorld(portalOptions: SimulatorOptions): Promise<ScaledWorld> {
	const install = preparedInstall();
	const cleanup = new Cleanup();
	const close = async () => await cleanup.run();
	try {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-scale-'));
		cleanup.add(async () => await rm(folder, { recursive: true, force: true }));
		const portal = await startSimulator({ rate: NO_RATE_LIMIT, deliveryTimeout: 30_000, ...portalOptions });
		cleanup.add(async () => await portal.stop());
		const [redis, postgres] = [await startRedis(join(folder, 'redis')), await startPostgres(join(folder, 'postgres'))];
		cleanup.add(redis.stop);
		cleanup.add(postgres.stop);
		const door = await openFrontDoor();
		cleanup.add(door.stop);

		const line = await openLine(redis.port);
		cleanup.add(line.stop);

		const settings = sharedSettings(redis.port, postgres.port);
		const start = async (name: string, role: N8nRole): Promise<N8nProcess> => {
			const env = { ...settings, ...(role === 'main' ? { QUEUE_BULL_REDIS_PORT: String(line.port) } : {}) };
			const userFolder = join(folder, name);
			await installCommunityPackage({ tarball: install.tarball, userFolder, nodeBinary: install.nodeBinary });
			const port = await getPort({ host: '127.0.0.1' });
			const started = await startN8n({ install, role, userFolder, port, env, webhookUrl: `${door.url}/` });
			cleanup.add(async () => await started.stop());
			return started;
		};
		// The main makes the tables.
		const n8n = await start('main', 'main');
		const [receiver, ...workers] = await Promise.all([
			start('receiver', 'webhook'),
			start('worker-1', 'worker'),
			start('worker-2', 'worker'),
		]);
		door.route((path) => (path.startsWith('/webhook/') ? receiver.url : n8n.url));

		const client = new N8nClient(door.url);
		await client.setUpOwner();
		const credentials = await connect({ client }, portal);
		const running = async () => Number(await redis.ask('LLEN', 'bull:jobs:active'));
		return {
			portal,
			n8n,
			client,
			userFolder: join(folder, 'main'),
			credentials,
			workers,
			receiver,
			line,
			running,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}
