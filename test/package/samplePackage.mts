import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifest = {
	name: 'n8n-nodes-sample',
	version: '1.0.0',
	description: 'A package to test the checks with',
	license: 'MIT',
	homepage: 'https://example.com',
	author: { name: 'Somebody', email: 'somebody@example.com' },
	repository: { type: 'git', url: 'git+https://github.com/example/n8n-nodes-sample.git' },
	keywords: ['n8n-community-node-package'],
	files: ['dist'],
	n8n: {
		n8nNodesApiVersion: 1,
		credentials: ['dist/credentials/SampleApi.credentials.js'],
		nodes: ['dist/nodes/Sample/SampleTrigger.node.js'],
	},
	peerDependencies: { 'n8n-workflow': '*' },
};

const files: Record<string, string> = {
	'README.md': '# Sample\n',
	'LICENSE.md': 'MIT\n',
	'dist/icons/sample.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60"/>\n',
	'dist/credentials/SampleApi.credentials.js': "exports.icon = 'file:../icons/sample.svg';\n",
	'dist/nodes/Sample/SampleTrigger.node.json': '{ "node": "n8n-nodes-sample.sampleTrigger" }\n',
	'dist/nodes/Sample/parse.js': "exports.zod = require('zod');\n",
	'dist/nodes/Sample/SampleTrigger.node.js':
		"exports.parse = require('./parse');\nexports.icon = { light: 'file:../../icons/sample.svg' };\n",
};

/** What a test changes in the sample package. */
export interface Changes {
	/** Fields of package.json to replace or to add. */
	manifest?: object;
	/** Files to write or, with null, to leave out. */
	files?: Record<string, string | null>;
}

/**
 * Writes a small package in which everything is right, but for what a test changes, and takes it away afterwards.
 *
 * @param changes what is different in it
 * @param work what to do with the package's folder
 */
export async function withSamplePackage(changes: Changes, work: (folder: string) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'sample-package-'));
	try {
		const manifestText = JSON.stringify({ ...manifest, ...changes.manifest });
		for (const [path, text] of Object.entries({ ...files, ...changes.files, 'package.json': manifestText })) {
			if (text === null) continue;
			await mkdir(dirname(join(folder, path)), { recursive: true });
			await writeFile(join(folder, path), text);
		}
		await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
