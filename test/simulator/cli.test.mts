import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

jest.setTimeout(60_000);

const root = join(__dirname, '../..');
let child: ChildProcess | undefined;

afterEach(() => child?.kill('SIGKILL'));

async function start(...flags: string[]): Promise<{ child: ChildProcess; output: string }> {
	const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
	const started = spawn(process.execPath, [tsx, join(root, 'simulator/cli.mts'), ...flags], { stdio: 'pipe' });
	child = started;
	let output = '';
	for await (const chunk of started.stdout) {
		output += String(chunk);
		if (output.includes('stops it') || output.includes('--help')) break;
	}
	return { child: started, output };
}

describe('the command line', () => {
	it.each(['SIGINT', 'SIGTERM'] as const)('starts a portal, says where it is, and stops on %s', async (signal) => {
		const flags = ['--port', '0', '--authorization-port', '0', '--client-id', 'local.x', '--client-secret', 'y'];
		const { child: portal, output } = await start(...flags);
		const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0] ?? '';
		expect(await (await fetch(url)).text()).toContain('Simulated Bitrix24');
		expect(output).toMatch(/Client ID +local\.x\n +Client secret +y\n +Redirect URL +not set yet/);
		portal.kill(signal);
		expect(await once(portal, 'exit')).toEqual([0, null]);
	});

	it('explains its options', async () => {
		expect((await start('--help')).output).toContain('--redirect-url');
	});
});
