import { prepareN8nCore } from '../integration/support/n8nCore.mjs';

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { CustomDirectoryLoader, PackageDirectoryLoader } from 'n8n-core';
import type {
	ICredentialType,
	INodeType,
	INodeTypeDescription,
	IVersionedNodeType,
	NodeLoadingDetails,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { type PackedPackage, packedPackage } from '../integration/support/packedPackage.mjs';
import { useTrigger } from '../integration/support/useTrigger.mjs';

// The first time, the package is built.
const patience = 240_000;

const openTrigger = useTrigger();

let packed: PackedPackage;
let loader: PackageDirectoryLoader;
let removeFolder: () => void;
beforeAll(async () => {
	removeFolder = prepareN8nCore();
	packed = await packedPackage();
	loader = new PackageDirectoryLoader(packed.folder);
	await loader.loadAll();
}, patience);
afterAll(async () => {
	await packed?.remove();
	removeFolder();
});

const nodes = (): INodeType[] => Object.values(loader.nodeTypes).map(({ type }) => single(type));
const credentials = (): ICredentialType[] => Object.values(loader.credentialTypes).map(({ type }) => type);

function single(type: INodeType | IVersionedNodeType): INodeType {
	if ('nodeVersions' in type) throw new Error('The package has no node with versions');
	return type;
}

/** `dist/nodes/Bitrix24/Bitrix24Trigger.node.js` -> `bitrix24Trigger`: n8n finds the class by the file's name. */
function nameOf(path: string): string {
	const [className = ''] = basename(path).split('.');
	return className.charAt(0).toLowerCase() + className.slice(1);
}

test('loads exactly the nodes and credentials that package.json lists', () => {
	const { n8n } = packed.manifest;
	expect(Object.keys(loader.nodeTypes)).toEqual(n8n.nodes.map(nameOf));
	expect(Object.keys(loader.credentialTypes)).toEqual(n8n.credentials.map(nameOf));
	expect(Object.keys(loader.nodeTypes)).toEqual(['bitrix24Trigger', 'bitrix24QueueTrigger']);
	expect(Object.keys(loader.credentialTypes)).toEqual(['bitrix24OAuth2Api', 'bitrix24OutgoingWebhookApi']);
});

test('finds an icon for light and one for dark, in the package', async () => {
	for (const { iconUrl } of [...loader.types.nodes, ...loader.types.credentials]) {
		expect(iconUrl).toEqual({ light: expect.any(String), dark: expect.any(String) });
		if (typeof iconUrl !== 'object') continue;
		expect(iconUrl.light).not.toBe(iconUrl.dark);
		for (const url of Object.values(iconUrl)) {
			const path = url.replace(`icons/${packed.manifest.name}/`, '');
			expect(await readFile(join(packed.folder, path), 'utf8')).toContain('<svg');
		}
	}
});

test('finds a codex for each node: where to list it, and its documentation', () => {
	for (const { description } of nodes()) {
		expect(description.codex).toMatchObject({
			categories: expect.arrayContaining([expect.any(String)]),
			alias: expect.arrayContaining(['CRM', 'Lead']),
			resources: {
				primaryDocumentation: [{ url: expect.stringMatching(/^https:/) }],
				credentialDocumentation: [{ url: expect.stringMatching(/^https:/) }],
			},
		});
	}
});

test("marks each node as this package's, in its version", () => {
	for (const { description } of nodes()) {
		expect(description.communityNodePackageVersion).toBe(packed.manifest.version);
	}
});

test('finds every method that a form or a credential names', () => {
	for (const { description, methods = {} } of nodes()) {
		const named = description.properties.flatMap(({ typeOptions }) => typeOptions?.loadOptionsMethod ?? []);
		expect(description.__loadOptionsMethods).toEqual(expect.arrayContaining(named));
		for (const { testedBy } of description.credentials ?? []) {
			if (typeof testedBy === 'string') expect(methods.credentialTest).toHaveProperty(testedBy);
		}
	}
	expect(named('loadOptionsMethod')).toContain('getOtherEvents');
});

/** All values of a key, anywhere in the nodes' descriptions. */
function named(key: string): string[] {
	return [...JSON.stringify(loader.types.nodes).matchAll(new RegExp(`"${key}":"(\\w+)"`, 'g'))].flatMap(
		([, value]) => value ?? [],
	);
}

test('finds the credentials that each node names, and lists the node with them', () => {
	for (const { description } of nodes()) {
		for (const { name } of description.credentials ?? []) {
			expect(loader.known.credentials[name]?.supportedNodes).toContain(description.name);
		}
	}
});

test("builds the OAuth2 credential on n8n's own", () => {
	const known: NodeLoadingDetails | undefined = loader.known.credentials.bitrix24OAuth2Api;
	expect(known).toMatchObject({ extends: ['oAuth2Api'] });
});

test('a credential can be tested, by itself or by a node, but for OAuth2 the editor shows whether it is connected', () => {
	const tested = nodes().flatMap(({ description }) =>
		(description.credentials ?? []).flatMap(({ name, testedBy }) => (testedBy ? [name] : [])),
	);
	for (const credential of credentials()) {
		if (credential.test === undefined) expect(tested).toContain(credential.name);
	}
});

test.each([
	['bitrix24Trigger', { authentication: 'oAuth2', events: ['ONCRMLEADDELETE'], otherEvents: [], simplify: true }],
	[
		'bitrix24QueueTrigger',
		{
			events: ['ONCRMLEADDELETE'],
			otherEvents: [],
			simplify: true,
			checkEvery: 30,
			batchSize: 100,
			execution: 'perBatch',
			acknowledge: 'afterSuccess',
		},
	],
])('%s begins with the values that its users expect', (name, expected) => {
	const { description } = single(loader.getNode(name).type);
	expect(defaultsOf(description)).toMatchObject(expected);
});

function defaultsOf(description: INodeTypeDescription) {
	return NodeHelpers.getNodeParameters(description.properties, {}, true, false, null, description);
}

test('a trigger that was loaded from the package activates, learns and starts the workflow', async () => {
	const nodeType = single(loader.getNode('bitrix24Trigger').type);
	const { n8n, portal, activate, bound, settled } = await openTrigger({ nodeType });
	await activate();
	expect(bound()).toEqual(['ONCRMLEADDELETE']);
	portal.leads.delete(1, { by: 'robot' });
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ event: 'ONCRMLEADDELETE', leadId: 1 }] }]);
});

test('loads as a folder of custom nodes too, as during development', async () => {
	const custom = new CustomDirectoryLoader(packed.folder);
	await custom.loadAll();
	expect(Object.keys(custom.nodeTypes).sort()).toEqual(Object.keys(loader.nodeTypes).sort());
	expect(Object.keys(custom.credentialTypes).sort()).toEqual(Object.keys(loader.credentialTypes).sort());
});
