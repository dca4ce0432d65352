import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { installCommunityPackage, packPackage } from '../../../host/index.mjs';

/** What stands in for other versions of what our package imports: our own, of which n8n knows nothing. */
const COPIES = {
	zod: { version: '4.0.0', main: resolve('node_modules/zod/v4/index.cjs') },
	'n8n-workflow': { version: '1.0.0', main: resolve('node_modules/n8n-workflow') },
};

const LOG = 'loaded-by.log';

/** A package's start file that notes who was the first to load it. */
const startFile = (main: string) => `
	require('node:fs').appendFileSync(__dirname + '/${LOG}', module.parent.filename);
	module.exports = require(${JSON.stringify(main)});
`;

/** Puts another zod (version 4) and another n8n-workflow into a `node_modules` folder. */
export async function addOtherCopies(nodeModules: string): Promise<void> {
	for (const [name, { version, main }] of Object.entries(COPIES)) {
		const folder = join(nodeModules, name);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
		await writeFile(join(folder, 'index.js'), startFile(main));
	}
}

/** The files that were the first to load the copies in a `node_modules` folder. */
export async function loadersOf(nodeModules: string): Promise<string[]> {
	const logs = Object.keys(COPIES).map((name) => join(nodeModules, name, LOG));
	return await Promise.all(logs.map(async (log) => await readFile(log, 'utf8').catch(() => 'nobody')));
}

/** Another author's package, of actions for Bitrix24. */
export const NEIGHBOUR = 'n8n-nodes-bitrix24';

const NODE = `
	const { z } = require('zod');
	const { NodeConnectionTypes } = require('n8n-workflow');
	exports.Bitrix24 = class {
		description = {
			displayName: 'Bitrix24',
			name: 'bitrix24',
			group: ['transform'],
			version: 1,
			description: z.string().parse('Writes to Bitrix24'),
			defaults: { name: 'Bitrix24' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'bitrix24Api', required: false }],
			properties: [],
		};
		async execute() {
			return [this.getInputData().map(({ json }) => ({ json: { ...json, writtenBy: 'the neighbour' } }))];
		}
	};
`;

const CREDENTIAL = `
	exports.Bitrix24Api = class {
		name = 'bitrix24Api';
		displayName = 'Bitrix24 API';
		properties = [{ displayName: 'Webhook', name: 'webhook', type: 'string', default: '' }];
	};
`;

/** Installs another community package, which brings a zod and an n8n-workflow of its own along. */
export async function installNeighbour(userFolder: string): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), `${NEIGHBOUR}-`));
	await addOtherCopies(join(folder, 'node_modules'));
	await writeFile(join(folder, 'Bitrix24.node.js'), NODE);
	await writeFile(join(folder, 'Bitrix24Api.credentials.js'), CREDENTIAL);
	const dependencies = Object.fromEntries(Object.entries(COPIES).map(([name, { version }]) => [name, version]));
	const manifest = {
		name: NEIGHBOUR,
		version: '1.0.0',
		dependencies,
		bundleDependencies: Object.keys(COPIES),
		n8n: { n8nNodesApiVersion: 1, credentials: ['Bitrix24Api.credentials.js'], nodes: ['Bitrix24.node.js'] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	const tarball = await packPackage({ folder, build: false });
	await installCommunityPackage({ tarball, userFolder });
	await Promise.all([folder, dirname(tarball)].map(async (made) => await rm(made, { recursive: true })));
}
