import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import getPort from 'get-port';

import type { N8nInstall } from '../install/N8nInstall.mjs';
import { n8nVersion } from '../versions.mjs';
import { n8nEnvironment } from './n8nEnvironment.mjs';
import { N8nProcess } from './N8nProcess.mjs';
import { N8N_ROLES, type N8nRole } from './n8nRole.mjs';

/** What to start. */
export interface StartOptions {
	install: N8nInstall;
	/** Default: a main, which does everything unless it is told to share. */
	role?: N8nRole;
	/** n8n keeps its data in `.n8n` below it. Made if need be. */
	userFolder: string;
	/** Default: a free one. */
	port?: number;
	/** Further settings, stronger than ours. */
	env?: Record<string, string>;
	/** Where others reach it. Default: `http://127.0.0.1:PORT/`, since Bitrix24 refuses hosts without a dot. */
	webhookUrl?: string;
}

/**
 * Starts an n8n that only this machine reaches and waits until it is up (about ten seconds with an empty folder, six
 * later). It ends with us at the latest.
 *
 * @throws with the end of n8n's output when it does not come up
 */
export async function startN8n({
	install,
	role = 'main',
	userFolder,
	port,
	env,
	webhookUrl,
}: StartOptions): Promise<N8nProcess> {
	await mkdir(userFolder, { recursive: true });
	const ownPort = port ?? (await getPort({ host: '127.0.0.1' }));
	const url = `http://127.0.0.1:${ownPort}`;
	const reachedAt = webhookUrl ?? `${url}/`;
	const place = {
		userFolder,
		port: ownPort,
		brokerPort: await getPort({ host: '127.0.0.1' }),
		webhookUrl: reachedAt,
	};
	const settings = { ...n8nVersion(install.version).environment, ...N8N_ROLES[role].environment(ownPort), ...env };
	const n8n = new N8nProcess({
		nodeBinary: install.nodeBinary,
		n8nBinary: join(install.n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n'),
		role,
		folder: userFolder,
		environment: n8nEnvironment(place, process.env, settings),
		url,
		webhookUrl: reachedAt,
	});
	await n8n.start();
	return n8n;
}
