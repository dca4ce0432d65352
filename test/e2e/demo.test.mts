import { join } from 'node:path';

import { execa } from 'execa';

jest.setTimeout(300_000);

/** Runs `npm start -- --once`, as the README has it. npm passes the end on to what it runs. */
const startOnce = async (...options: string[]) =>
	await execa('npm', ['start', '--silent', '--', '--once', ...options], {
		cwd: join(__dirname, '../..'),
		timeout: 280_000,
		reject: false,
	});

test('npm start -- --once prints the item of the deleted lead, as the README shows it', async () => {
	const { exitCode, stdout } = await startOnce();
	expect(JSON.parse(stdout)).toEqual({
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
	const { exitCode, stdout, stderr } = await startOnce('--without-delivery');
	expect(stderr).toContain(
		"deleted lead 1, but no execution arrived within 30 seconds: no delivery reached n8n (the portal's delivery is off)",
	);
	expect(stdout).toBe('');
	expect(exitCode).toBe(1);
});
