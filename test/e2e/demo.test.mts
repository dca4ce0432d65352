import { execFile } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(300_000);

/** npm passes the end on to what it runs. */
const PATIENCE_MS = 280_000;

interface Ended {
	exitCode: number;
	/** What a program that reads the output gets. */
	output: string;
	/** What a person sees beside it. */
	told: string;
}

/** Runs `npm start -- --once`, as the README has it. */
async function startOnce(...options: string[]): Promise<Ended> {
	const root = join(__dirname, '../..');
	return await new Promise((resolve) => {
		const args = ['start', '--silent', '--', '--once', ...options];
		const child = execFile('npm', args, { cwd: root, timeout: PATIENCE_MS }, (_error, output, told) =>
			resolve({ exitCode: child.exitCode ?? NaN, output, told }),
		);
	});
}

test('npm start -- --once prints the item of the deleted lead, as the README shows it', async () => {
	const { exitCode, output } = await startOnce();
	expect(JSON.parse(output)).toEqual({
		event: 'ONCRMLEADDELETE',
		entity: 'lead',
		action: 'delete',
		id: 1,
		leadId: 1,
		sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
		portalDomain: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
		portalMemberId: expect.stringMatching(/^[0-9a-f]{32}$/),
		portalEndpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/rest\/$/),
		applicationStatus: 'local',
		userId: 1,
		isTest: false,
	});
	expect(exitCode).toBe(0);
});

test('npm start -- --once says what is missing when the portal delivers nothing, and fails', async () => {
	const { exitCode, output, told } = await startOnce('--without-delivery');
	expect(told).toContain(
		"deleted lead 1, but no execution arrived within 30 seconds: no delivery reached n8n (the portal's delivery is off)",
	);
	expect(output).toBe('');
	expect(exitCode).toBe(1);
});
