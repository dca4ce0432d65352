import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { packedPackage } from '../integration/support/packedPackage.mjs';

const run = promisify(execFile);
const path = (name: string) => JSON.stringify(createRequire(__filename).resolve(name));

// In a process of its own: jest does without Node's cache of modules, which this is about.
const program = `
	require(${path('reflect-metadata')});
	const { PackageDirectoryLoader } = require(${path('n8n-core')});
	const { writeFileSync } = require('node:fs');
	const [folder] = process.argv.slice(1);
	const load = async () => {
		const loader = new PackageDirectoryLoader(folder);
		await loader.loadAll();
		const { credentialTest } = loader.nodeTypes.bitrix24Trigger.type.methods;
		console.log(JSON.stringify(await credentialTest.testOutgoingWebhook.call({}, { data: {} })));
		return loader;
	};
	void (async () => {
		const loader = await load();
		const updated = "exports.testOutgoingWebhook = () => ({ status: 'OK', message: 'the update' });";
		writeFileSync(folder + '/dist/nodes/Bitrix24/connection/outgoingWebhook.js', updated);
		// As n8n does when it updates a package.
		loader.reset();
		await load();
	})();
`;

test('once n8n has updated the package, what a node loads at its first use is of the update', async () => {
	const { folder, remove } = await packedPackage();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-core-'));
	try {
		const env = { ...process.env, N8N_USER_FOLDER: userFolder, N8N_LOG_LEVEL: 'silent' };
		const { stdout } = await run(process.execPath, ['-e', program, '--', folder], { env });
		expect(
			stdout
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line)),
		).toEqual([
			{ status: 'Error', message: expect.stringContaining('application token') },
			{ status: 'OK', message: 'the update' },
		]);
	} finally {
		await remove();
		await rm(userFolder, { recursive: true, force: true });
	}
}, 240_000);
