import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { installCommunityPackage, packPackage } from '../../../../host/index.mjs';
import { addOtherCopies, OTHER_VERSIONS } from './otherCopies.mjs';

export const NEIGHBOUR = 'n8n-nodes-neighbour';

const NODE = `
	const { z } = require('zod');
	const { NodeConnectionTypes } = require('n8n-workflow');
	exports.Neighbour = class {
		description = {
			displayName: 'Neighbour',
			name: 'neighbour',
			group: ['transform'],
			version: 1,
			description: z.string().parse('Lives next door'),
			defaults: { name: 'Neighbour' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		};
	};
`;

/** Installs another community package, which brings a zod and an n8n-workflow of its own along. */
export async function installNeighbour(userFolder: string): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), `${NEIGHBOUR}-`));
	await addOtherCopies(join(folder, 'node_modules'));
	await writeFile(join(folder, 'Neighbour.node.js'), NODE);
	const manifest = {
		name: NEIGHBOUR,
		version: '1.0.0',
		dependencies: OTHER_VERSIONS,
		bundleDependencies: Object.keys(OTHER_VERSIONS),
		n8n: { n8nNodesApiVersion: 1, credentials: [], nodes: ['Neighbour.node.js'] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	const tarball = await packPackage({ folder, build: false });
	await installCommunityPackage({ tarball, userFolder });
	await Promise.all([folder, dirname(tarball)].map(async (made) => await rm(made, { recursive: true })));
}
