import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';

import getPort from 'get-port';
import pWaitFor from 'p-wait-for';

import { n8nBinary, type N8nInstall } from './install.mjs';
import { n8nEnvironment } from './n8nEnvironment.mjs';
import { n8nVersion } from './versions.mjs';

/**
 * What an n8n process does. A main does everything; in queue mode it can leave running workflows to workers, and
 * production webhooks to webhook processors.
 */
export type N8nRole = 'main' | 'worker' | 'webhook';

const READY = '/healthz/readiness';

/** By role: n8n's command, paths that all answer once it does its work, and what else makes it listen at a port. */
const ROLES: Readonly<
	Record<N8nRole, { command: string; readyAt: string[]; environment(port: number): Record<string, string> }>
> = {
	// Its REST interface is there only some time after its database is migrated.
	main: { command: 'start', readyAt: [READY, '/rest/settings'], environment: () => ({}) },
	worker: {
		command: 'worker',
		readyAt: [READY],
		environment: (port) => ({
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		}),
	},
	webhook: { command: 'webhook', readyAt: [READY], environment: () => ({}) },
};

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
	install: { nodeBinary, n8nFolder, version },
	role = 'main',
	userFolder,
	port: wanted,
	env,
	webhookUrl: reachedAt,
}: StartOptions): Promise<N8nProcess> {
	await mkdir(userFolder, { recursive: true });
	const port = wanted ?? (await getPort({ host: '127.0.0.1' }));
	const brokerPort = await getPort({ host: '127.0.0.1' });
	const url = `http://127.0.0.1:${port}`;
	const webhookUrl = reachedAt ?? `${url}/`;
	const settings = { ...n8nVersion(version).environment, ...ROLES[role].environment(port), ...env };
	const environment = n8nEnvironment({ userFolder, port, brokerPort, webhookUrl }, process.env, settings);
	const command = { nodeBinary, n8nBinary: n8nBinary(n8nFolder), role, folder: userFolder, environment };
	const n8n = new N8nProcess(url, webhookUrl, command);
	await n8n.start();
	return n8n;
}

/** Everything that starting (again) needs. */
interface N8nCommand {
	nodeBinary: string;
	/** n8n's start file. */
	n8nBinary: string;
	role: N8nRole;
	/** Working directory: n8n reads an `.env` file there. */
	folder: string;
	environment: NodeJS.ProcessEnv;
}

const START_MS = 120_000;
const STOP_MS = 30_000;
const POLL_MS = 50;
/** n8n gets a process group of its own, and ends that group when the line to us breaks, however we ended. */
const END_WITH_PARENT = 'data:text/javascript,process.once("disconnect",()=>process.kill(-process.pid,"SIGKILL"))';

/** One n8n, its life cycle and its output. */
export class N8nProcess {
	#child: ChildProcess | undefined;

	#exit: Promise<number | string> = Promise.resolve(0);

	#output = '';

	/**
	 * @param url address without a trailing slash
	 * @param webhookUrl address, with a trailing slash, at which webhooks reach it
	 */
	constructor(
		readonly url: string,
		readonly webhookUrl: string,
		private readonly command: N8nCommand,
	) {}

	/** Everything that n8n has printed since the first start. */
	log(): string {
		return this.#output;
	}

	/** Resolves once the running n8n has ended, with its exit code or the name of the signal. */
	get exited(): Promise<number | string> {
		return this.#exit;
	}

	/** The main process, undefined when it is not running. */
	get pid(): number | undefined {
		return this.#child?.pid;
	}

	/**
	 * Starts and waits until it does what its role is: for a main, until the editor, its REST interface and the webhooks
	 * are up.
	 *
	 * @param settings environment variables that count from this start to its end, beside those that it always has
	 * @throws with the end of n8n's output when it ends by itself or is not up after two minutes
	 */
	async start(settings: Record<string, string> = {}): Promise<void> {
		if (this.#child !== undefined) throw new Error('n8n is running already');
		const { nodeBinary, n8nBinary, role, folder, environment } = this.command;
		const { command, readyAt } = ROLES[role];
		// Not by execa, which takes a process for running while a child that it leaves behind holds its output open.
		const child = spawn(nodeBinary, ['--import', END_WITH_PARENT, n8nBinary, command], {
			cwd: folder,
			env: { ...environment, ...settings },
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		const begin = this.#output.length;
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
		}
		this.#child = child;
		this.#exit = once(child, 'exit').then(([code, signal]: Array<number | string | null>) => {
			this.#child = undefined;
			// What the main process leaves behind when it is killed is the process that runs Code nodes.
			this.#signalGroup(child, 'SIGKILL');
			return code ?? signal ?? 0;
		});

		const deadline = Date.now() + START_MS;
		const isUp = async () => {
			if (await isReady(this.url, readyAt)) return true;
			const end = () => `the end of its output:\n${this.#output.slice(begin).trimEnd().slice(-2000)}`;
			if (this.#child !== child) throw new Error(`n8n ended while it was starting (${await this.#exit}); ${end()}`);
			if (Date.now() <= deadline) return false;
			await this.kill();
			throw new Error(`n8n was not up after ${START_MS / 1000} seconds; ${end()}`);
		};
		await pWaitFor(isUp, { interval: POLL_MS });
	}

	/** Ends it as an administrator does (SIGTERM), by force after half a minute. Harmless when it is not running. */
	async stop(): Promise<void> {
		const child = this.#child;
		if (child === undefined) return;
		child.kill('SIGTERM');
		const timer = setTimeout(() => this.#signalGroup(child, 'SIGKILL'), STOP_MS);
		await this.#exit;
		clearTimeout(timer);
	}

	/** Ends it as a power cut does (SIGKILL). Harmless when it is not running. */
	async kill(): Promise<void> {
		if (this.#child !== undefined) this.#signalGroup(this.#child, 'SIGKILL');
		await this.#exit;
	}

	/** Stops and starts it at the same address, with the same data. */
	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	#signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
		if (child.pid === undefined) return;
		try {
			process.kill(-child.pid, signal);
		} catch (error) {
			// Nobody is left in the group: that is what was wanted. (Inside jest, Node.js's errors are no `Error` of ours.)
			const isGone = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
			if (!isGone) throw error;
		}
	}
}

async function isReady(url: string, paths: readonly string[]): Promise<boolean> {
	for (const path of paths) {
		// While it starts, n8n answers every address with a page that says so.
		const isUp = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(2000) }).then(
			(response) => response.ok && (response.headers.get('content-type') ?? '').includes('json'),
			() => false,
		);
		if (!isUp) return false;
	}
	return true;
}
