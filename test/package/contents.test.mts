import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';

import { judgeContents } from '../../check/judgeContents.mjs';
import { pack } from '../../check/pack.mjs';
import type { Changes } from './samplePackage.mjs';
import { withSamplePackage } from './samplePackage.mjs';

async function expectComplaints(changes: Changes, complaints: string[]): Promise<void> {
	await withSamplePackage(changes, async (root) => {
		expect(await pack(root, judgeContents)).toEqual(complaints);
	});
}

jest.setTimeout(60_000);

describe('judgeContents', () => {
	it('is content with a package in which everything is right', () => expectComplaints({}, []));

	it.each([
		'dist/nodes/Sample/parse.ts',
		'dist/nodes/Sample/parse.d.ts',
		'dist/nodes/Sample/parse.js.map',
		'dist/test/parse.test.js',
		'dist/simulator/portal.js',
		'dist/tsconfig.build.tsbuildinfo',
		'dist/icons/sample.png',
	])('refuses %s', (file) => expectComplaints({ files: { [file]: '' } }, [`${file} must not be published.`]));

	it('refuses files beside dist', () =>
		expectComplaints({ manifest: { files: ['dist', 'notes'] }, files: { 'notes/todo.md': '' } }, [
			'notes/todo.md must not be published.',
		]));

	it.each(['README.md', 'LICENSE.md'])('asks for %s', (file) =>
		expectComplaints({ files: { [file]: null } }, [`${file} is missing.`]),
	);

	it('refuses a package that is too large', () =>
		withSamplePackage(
			{ files: { 'dist/nodes/Sample/large.js': `// ${randomBytes(90_000).toString('base64')}` } },
			async (root) => {
				expect(await pack(root, judgeContents)).toEqual([
					expect.stringMatching(/^The package has \d+ bytes, more than 75000\.$/),
				]);
			},
		));

	it('refuses a runtime dependency', () =>
		expectComplaints({ manifest: { dependencies: { qs: '*' } } }, ['qs is a runtime dependency.']));

	it.each([
		'dist/credentials/SampleApi.credentials.js',
		'dist/nodes/Sample/SampleTrigger.node.js',
		'dist/nodes/Sample/SampleTrigger.node.json',
	])('asks for %s, which the n8n section calls for', (file) =>
		expectComplaints({ files: { [file]: null } }, [`${file} is missing.`]),
	);

	it('asks for every node to be registered', () =>
		expectComplaints(
			{ files: { 'dist/nodes/Sample/Other.node.js': "exports.icon = 'file:../../icons/sample.svg';" } },
			['dist/nodes/Sample/Other.node.js is not in the n8n section of package.json.'],
		));

	it('asks for the icons that nodes and credentials name', () =>
		expectComplaints({ files: { 'dist/icons/sample.svg': null } }, [
			'dist/credentials/SampleApi.credentials.js names an icon that is missing: ../icons/sample.svg.',
			'dist/nodes/Sample/SampleTrigger.node.js names an icon that is missing: ../../icons/sample.svg.',
		]));

	it('asks every node for an icon', () =>
		expectComplaints({ files: { 'dist/nodes/Sample/SampleTrigger.node.js': '' } }, [
			'dist/nodes/Sample/SampleTrigger.node.js names no icon.',
		]));

	it.each(['../../../simulator/portal', './gone', 'express', 'node:fs'])('refuses code that loads %s', (name) =>
		expectComplaints({ files: { 'dist/nodes/Sample/parse.js': `exports.it = require("${name}");` } }, [
			`dist/nodes/Sample/parse.js loads ${name}, which is not there in n8n.`,
		]),
	);
});

describe('pack', () => {
	it('leaves nothing behind', async () => {
		await withSamplePackage({}, async (root) => {
			const folder = await pack(root, async (packed) => {
				await access(packed.folder);
				return packed.folder;
			});
			await expect(access(folder)).rejects.toThrow('ENOENT');
		});
	});
});
