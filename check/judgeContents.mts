import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';

import type { Packed } from './pack.mjs';
import type { Manifest } from './readManifest.mjs';
import { readManifest } from './readManifest.mjs';

/** The largest tarball, in bytes, that we publish: an install of a trigger should take a moment. */
export const largestSize = 75_000;

const required = ['package.json', 'README.md', 'LICENSE.md'];

const allowed = [
	/^package\.json$/,
	/^(?:README|LICENSE|CHANGELOG)\.md$/,
	/^dist\/(?:credentials|nodes)\/.+\.js$/,
	/^dist\/nodes\/.+\.node\.json$/,
	/^dist\/icons\/[^/]+\.svg$/,
];

// What n8n lets a community node load. Its lint takes our devDependencies for allowed too, which n8n does not install.
const loadable = /^(?:n8n-workflow|zod|luxon|lodash|moment|p-limit|(?:node:)?crypto)$/;

/**
 * Says what is wrong with a packed package: what must not be published, what is missing, and what n8n could not load.
 *
 * @param packed the package, packed and unpacked again
 * @returns one sentence for each thing that is wrong, none when the package is right
 */
export async function judgeContents(packed: Packed): Promise<string[]> {
	const manifest = await readManifest(packed.folder);
	const files = new Set(packed.files);
	const sources = packed.files.filter((file) => file.endsWith('.js'));
	const inSources = await Promise.all(sources.map((file) => judgeSource(file, packed)));
	return [
		...packed.files
			.filter((file) => !allowed.some((form) => form.test(file)))
			.map((file) => `${file} must not be published.`),
		...required.filter((file) => !files.has(file)).map((file) => `${file} is missing.`),
		...(packed.size > largestSize ? [`The package has ${packed.size} bytes, more than ${largestSize}.`] : []),
		...Object.keys(manifest.dependencies).map((name) => `${name} is a runtime dependency.`),
		...judgeRegistration(manifest, packed.files),
		...inSources.flat(),
	];
}

function judgeRegistration({ n8n }: Manifest, files: readonly string[]): string[] {
	const registered = [...n8n.credentials, ...n8n.nodes];
	const codexFiles = n8n.nodes.map((node) => `${node}on`);
	const loose = files.filter((file) => /\.(?:node|credentials)\.js$/.test(file) && !registered.includes(file));
	return [
		...[...registered, ...codexFiles].filter((file) => !files.includes(file)).map((file) => `${file} is missing.`),
		...loose.map((file) => `${file} is not in the n8n section of package.json.`),
	];
}

async function judgeSource(file: string, { files, folder }: Packed): Promise<string[]> {
	const text = await readFile(posix.join(folder, file), 'utf8');
	const isListed = /\.(?:node|credentials)\.js$/.test(file);
	const from = posix.dirname(file);
	const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? '');
	const icons = named(/["']file:([^"']+)["']/g);
	const modules = named(/\brequire\(["']([^"']+)["']\)/g);
	const isThere = (path: string) =>
		['', '.js', '/index.js'].some((ending) => files.includes(posix.join(from, path) + ending));
	return [
		...(isListed && icons.length === 0 ? [`${file} names no icon.`] : []),
		...icons.filter((icon) => !isThere(icon)).map((icon) => `${file} names an icon that is missing: ${icon}.`),
		...modules
			.filter((name) => (name.startsWith('.') ? !isThere(name) : !loadable.test(name)))
			.map((name) => `${file} loads ${name}, which is not there in n8n.`),
	];
}
