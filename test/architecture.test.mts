import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Breach } from './architecture/breaches.mjs';
import { breaches } from './architecture/breaches.mjs';
import { longBodies } from './architecture/longBodies.mjs';

jest.setTimeout(60_000);

const project = join(__dirname, '..');
const nodes = 'nodes/Bitrix24';

describe('the package', () => {
	it('imports only what the rules of the house allow', async () => {
		const { files, found } = await breaches(project);
		expect(files).toContain(`${nodes}/event/describeCode.ts`);
		expect(found).toEqual([]);
	});

	it('has node classes that only list their parts', async () => {
		const names = (await readdir(join(project, nodes))).filter((name) => name.endsWith('.node.ts'));
		expect(names).toContain('Bitrix24Trigger.node.ts');
		for (const name of names) {
			const source = await readFile(join(project, nodes, name), 'utf8');
			expect([name, source.split('\n').length < 150, longBodies(source, 2)]).toEqual([name, true, []]);
		}
	});
});

const allowed: Record<string, string> = {
	[`${nodes}/Trigger.node.ts`]:
		"import { NodeConnectionTypes } from 'n8n-workflow';\nimport './webhook/receive';\nimport './queue/read';\nimport './description/form';\nexport class Trigger { main = NodeConnectionTypes.Main; }",
	[`${nodes}/webhook/receive.ts`]: "import '../event/parse';\nimport '../api/call';\nimport 'node:crypto';",
	[`${nodes}/queue/read.ts`]: "import '../event/parse';\nimport '../api/call';\nimport 'n8n-workflow';",
	[`${nodes}/description/form.ts`]:
		"import type { INodeProperties } from 'n8n-workflow';\nimport './list';\nexport type Form = INodeProperties;",
	[`${nodes}/description/list.ts`]: 'export {};',
	[`${nodes}/event/parse.ts`]: "import 'zod';\nimport './tree';",
	[`${nodes}/event/tree.ts`]: 'export {};',
	[`${nodes}/api/call.ts`]: "import 'n8n-workflow';\nimport 'zod';\nimport '../event/tree';",
	'credentials/Api.credentials.ts': "import type { Icon } from 'n8n-workflow';\nexport type { Icon };",
	'simulator/portal.mts': 'export {};',
};

const forbidden: ReadonlyArray<readonly [file: string, source: string, rules: string[]]> = [
	[
		`${nodes}/event/asksN8n.ts`,
		"import type { IDataObject } from 'n8n-workflow';\nexport type A = IDataObject;",
		['event-is-pure'],
	],
	[`${nodes}/event/hashes.ts`, "import 'node:crypto';", ['event-is-pure']],
	[`${nodes}/event/calls.ts`, "import '../api/call';", ['event-is-pure']],
	[`${nodes}/event/receives.ts`, "import '../webhook/receive';", ['dependencies-point-inwards', 'event-is-pure']],
	[`${nodes}/description/parses.ts`, "import '../event/parse';", ['description-is-data']],
	[`${nodes}/description/validates.ts`, "import 'zod';", ['description-is-data']],
	[
		`${nodes}/description/runs.ts`,
		"import { NodeApiError } from 'n8n-workflow';\nexport const a = NodeApiError;",
		['description-needs-types-only'],
	],
	[`${nodes}/webhook/reads.ts`, "import '../queue/read';", ['webhook-and-queue-are-strangers']],
	[`${nodes}/queue/receives.ts`, "import '../webhook/receive';", ['webhook-and-queue-are-strangers']],
	[`${nodes}/api/shows.ts`, "import '../description/form';", ['api-stands-on-event-only']],
	[`${nodes}/api/reads.ts`, "import '../queue/read';", ['api-stands-on-event-only', 'dependencies-point-inwards']],
	[`${nodes}/settings/receives.ts`, "import '../webhook/receive';", ['dependencies-point-inwards']],
	[`${nodes}/Calling.node.ts`, "import './api/call';", ['node-class-lists-parts']],
	[`${nodes}/Validating.node.ts`, "import 'zod';", ['node-class-lists-parts']],
	[`${nodes}/webhook/climbs.ts`, "import '../Trigger.node';", ['node-class-is-the-top']],
	['credentials/Receiving.credentials.ts', "import '../nodes/Bitrix24/event/parse';", ['credentials-stand-alone']],
	[`${nodes}/webhook/simulates.ts`, "import '../../../simulator/portal.mjs';", ['package-is-self-contained']],
	[`${nodes}/webhook/serves.ts`, "import 'express';", ['package-is-self-contained']],
	[`${nodes}/webhook/writes.ts`, "import 'node:fs';", ['package-is-self-contained']],
];

const cycle = {
	[`${nodes}/queue/there.ts`]: "import './back';",
	[`${nodes}/queue/back.ts`]: "import './there';",
};

describe('the rules of the house', () => {
	let found: Breach[];

	beforeAll(async () => {
		const root = await mkdtemp(join(tmpdir(), 'house-'));
		await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
		const planted = forbidden.map(([file, source]) => [file, source] as const);
		for (const [file, source] of [...Object.entries(allowed), ...planted, ...Object.entries(cycle)]) {
			await mkdir(dirname(join(root, file)), { recursive: true });
			await writeFile(join(root, file), source);
		}
		({ found } = await breaches(root));
		await rm(root, { recursive: true });
	});

	const rulesBrokenBy = (file: string) => found.filter(({ from }) => from === file).map(({ rule }) => rule);

	it.each(forbidden)('forbid %s: %s', (file, _source, rules) => {
		expect([...new Set(rulesBrokenBy(file))].sort()).toEqual(rules);
	});

	it('forbid a cycle', () => {
		const cycles = found.filter(({ rule }) => rule === 'no-cycles').map(({ from, to }) => [from, to].sort());
		expect(cycles).toEqual([Object.keys(cycle).sort()]);
	});

	it.each(Object.keys(allowed))('allow %s', (file) => {
		expect(rulesBrokenBy(file)).toEqual([]);
	});
});

describe('longBodies', () => {
	it('leaves functions alone that hand over', () => {
		const source = 'class A { async b() { const c = await d(this); return e(c); } f = () => g(); }';
		expect(longBodies(source, 2)).toEqual([]);
	});

	it.each([
		['a method', 'class A {\n async b() { c(); d(); e(); }\n}', ['2: 3']],
		['an arrow function', 'const a = () => { b(); c(); return d; };', ['1: 3']],
		['a function within a function', 'function a() {\n return () => {\n b(); c(); d(); }; }', ['2: 3']],
		['what stands within a statement', 'function a() { if (b) { c(); d(); } }', ['1: 3']],
		['a getter', 'const a = { get b() { c(); d(); return e; } };', ['1: 3']],
	])('finds %s that does more', (_name, source, expected) => {
		expect(longBodies(source, 2)).toEqual(expected);
	});
});
