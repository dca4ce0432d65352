import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { isReady } from './isReady.mjs';
import { N8N_ROLES, type N8nRole } from './n8nRole.mjs';

/** Everything that starting (again) needs. */
export interface N8nCommand {
	nodeBinary: string;
	/** n8n's start file. */
	n8nBinary: string;
	role: N8nRole;
	/** Working directory: n8n reads an `.env` file there. */
	folder: string;
	environment: NodeJS.ProcessEnv;
	/** Address without a trailing slash. */
	url: string;
	/** Address, with a trailing slash, at which webhooks reach it. */
	webhookUrl: string;
}

const START_MS = 120_000;
const STOP_MS = 30_000;
const POLL_MS = 50;
/** n8n gets a process group of its own, and ends that group when the line to us breaks, however we ended. */
const END_WITH_PARENT = 'data:text/javascript,process.once("disconnect",()=>process.kill(-process.pid,"SIGKILL"))';

/** One n8n, its life cycle and its output. */
export class N8nProcess {
	readonly url: string;

	readonly webhookUrl: string;

	#child: ChildProcess | undefined;

	#exit: Promise<number | string> = Promise.resolve(0);

	#output = '';

	constructor(private readonly command: N8nCommand) {
		this.url = command.url;
		this.webhookUrl = command.webhookUrl;
	}

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
		const { nodeBinary, n8nBinary, folder, environment } = this.command;
		const { command, readyAt } = N8N_ROLES[this.command.role];
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
		while (!(await isReady(this.url, readyAt))) {
			const end = `the end of its output:\n${this.#output.slice(begin).trimEnd().slice(-2000)}`;
			if (this.#child !== child) throw new Error(`n8n ended while it was starting (${await this.#exit}); ${end}`);
			if (Date.now() > deadline) {
				await this.kill();
				throw new Error(`n8n was not up after ${START_MS / 1000} seconds; ${end}`);
			}
			await sleep(POLL_MS);
		}
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
