import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import getPort from 'get-port';

import { installCommunityPackage, N8nClient, type N8nProcess, type N8nRole, startN8n } from '../../../host/index.mjs';
import type { SimulatorOptions } from '../../../simulator/index.mjs';
import { type Line, openLine } from './openLine.mjs';
import { preparedInstall } from './preparedInstall.mjs';
import { startPostgres, startRedis } from './servers.mjs';
import { Closing, meet, type World } from './world.mjs';

/** A world whose n8n consists of several processes. `n8n` is the main. */
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
export async function openScaledWorld(options: SimulatorOptions): Promise<ScaledWorld> {
	const { tarball, ...install } = preparedInstall();
	const closing = new Closing();
	try {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-scale-'));
		closing.add(async () => await rm(folder, { recursive: true, force: true }));
		const redis = await startRedis(join(folder, 'redis'));
		closing.add(redis.stop);
		const postgres = await startPostgres(join(folder, 'postgres'));
		closing.add(postgres.stop);
		const line = await openLine(redis.port);
		closing.add(line.stop);

		const free = async () => await getPort({ host: '127.0.0.1' });
		const [mainPort, receiverPort] = [await free(), await free()];
		// What is public is the webhook processor; whoever edits workflows, or tests them, comes to the main.
		const webhookUrl = `http://127.0.0.1:${receiverPort}/`;
		const settings = sharedSettings(redis.port, postgres.port);
		const start = async (name: string, role: N8nRole, port: number, more = {}): Promise<N8nProcess> => {
			const userFolder = join(folder, name);
			await installCommunityPackage({ tarball, userFolder, nodeBinary: install.nodeBinary });
			// Test URLs follow the editor's address only where the newer name of WEBHOOK_URL is not set.
			const editor = { N8N_EDITOR_BASE_URL: `http://127.0.0.1:${mainPort}`, N8N_WEBHOOK_URL: '' };
			const env = { ...settings, ...editor, ...more };
			const started = await startN8n({ install, role, userFolder, port, env, webhookUrl });
			closing.add(async () => await started.stop());
			return started;
		};
		// The main makes the tables.
		const n8n = await start('main', 'main', mainPort, { QUEUE_BULL_REDIS_PORT: String(line.port) });
		const [receiver, ...workers] = await Promise.all([
			start('receiver', 'webhook', receiverPort),
			start('worker-1', 'worker', await free()),
			start('worker-2', 'worker', await free()),
		]);
		const client = new N8nClient(n8n.url);
		await client.setUpOwner();
		const userFolder = join(folder, 'main');
		const world = await meet({ n8n, client, userFolder, closing }, { deliveryTimeout: 30_000, ...options });
		const running = async () => Number(await redis.ask('LLEN', 'bull:jobs:active'));
		return { ...world, workers, receiver, line, running };
	} catch (error) {
		await closing.run();
		throw error;
	}
}
