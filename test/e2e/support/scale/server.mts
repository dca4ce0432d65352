import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that serves others until it is stopped. */
export interface ServerCommand {
	/** For messages, e.g. "PostgreSQL". */
	name: string;
	program: string;
	args: readonly string[];
	/** Who runs it, where it refuses to be run by root. */
	user?: string;
	/** The signal that ends it at once, and in order. */
	ends: NodeJS.Signals;
	isReady(): Promise<boolean>;
}

const START_MS = 60_000;
const POLL_MS = 50;

/** A command line that runs a program as another user; whatever becomes of us, the program ends with us. */
function launcher({ user, ends }: Pick<ServerCommand, 'user' | 'ends'>): [string, ...string[]] {
	const asUser = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--init-groups'];
	return ['setpriv', ...asUser, `--pdeathsig=${ends.replace('SIG', '')}`, '--'];
}

/**
 * Starts a server and waits until it serves.
 *
 * @returns stops it
 * @throws with its output when it does not come up
 */
export async function startServer(command: ServerCommand): Promise<() => Promise<void>> {
	const [program, ...args] = [...launcher(command), command.program, ...command.args];
	const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const exit = once(child, 'exit');
	const stop = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill(command.ends);
		await exit;
	};
	const deadline = Date.now() + START_MS;
	while (!(await command.isReady())) {
		const hasEnded = child.exitCode !== null || child.signalCode !== null;
		if (hasEnded || Date.now() > deadline) {
			await stop();
			throw new Error(`${command.name} did not come up:\n${output.slice(-2000)}`);
		}
		await sleep(POLL_MS);
	}
	return stop;
}
