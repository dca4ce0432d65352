import { runStep } from '../../check/runStep.mjs';

const node = (code: string) => ({ name: 'a step', command: [process.execPath, '-e', code] as const });

describe('runStep', () => {
	it('passes when the program says so, and keeps what it wrote on both channels', async () => {
		const outcome = await runStep(node("console.log('out'); console.error('err')"), __dirname);
		expect(outcome).toEqual({ name: 'a step', passed: true, seconds: expect.any(Number), output: expect.any(String) });
		expect(outcome.output.split('\n').sort()).toEqual(['', 'err', 'out']);
	});

	it('does not pass when the program fails', async () => {
		const outcome = await runStep(node("console.log('why'); process.exit(3)"), __dirname);
		expect(outcome).toMatchObject({ passed: false, output: 'why\n' });
	});

	it('does not pass when the program is killed', async () => {
		expect(await runStep(node("process.kill(process.pid, 'SIGKILL')"), __dirname)).toMatchObject({ passed: false });
	});

	it('does not pass when there is no such program', async () => {
		const outcome = await runStep({ name: 'a step', command: ['there-is-no-such-program'] }, __dirname);
		expect(outcome).toMatchObject({ passed: false, output: expect.stringContaining('ENOENT') });
	});
});
