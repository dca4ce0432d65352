import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

jest.setTimeout(30_000);

const ourselves = join(__dirname, '../../demo/whenStopped.mts');
/** Cleans up until it is told to go on, and says what it does. */
const PROGRAM = `
	const { whenStopped } = await import(${JSON.stringify(ourselves)});
	whenStopped(() => console.log('stopping'));
	process.stdin.on('data', (word) => {
		console.log('heard ' + String(word).trim());
		if (String(word).includes('go on')) process.exit(0);
	});
	console.log('ready');
`;

const gone = ([code, signal]: unknown[]) => {
	throw new Error(`It has ended (${String(code ?? signal)})`);
};

/** Starts it, and waits for what it says. */
function start() {
	const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM]);
	let said = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
	const says = async (text: string) => {
		while (!said.includes(text)) await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(gone)]);
	};
	return { child, says, said: () => said };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
	'cleans up to the end after %s, however often it comes',
	async (signal) => {
		const { child, says, said } = start();
		await says('ready');
		child.kill(signal);
		await says('stopping');
		child.kill(signal);
		child.kill('SIGINT');
		// By the time that it has answered, it has seen the signals.
		child.stdin.write('wait');
		await says('heard wait');
		child.stdin.write('go on');
		const [code] = await once(child, 'exit');
		expect([code, said()]).toEqual([0, 'ready\nstopping\nheard wait\nheard go on\n']);
	},
);
