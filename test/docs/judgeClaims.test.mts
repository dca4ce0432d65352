import { judgeClaims } from '../../check/judgeClaims.mjs';
import { pack } from '../../check/pack.mjs';
import { withSamplePackage } from '../check/samplePackage.mjs';

jest.setTimeout(60_000);

async function complaintsAbout(readme: string): Promise<string[]> {
	let complaints: string[] = [];
	await withSamplePackage({ files: { 'README.md': readme } }, async (root) => {
		complaints = await pack(root, judgeClaims);
	});
	return complaints;
}

/** The sample package has seven files and the README, and about one kilobyte. */
const says = (kilobytes: number, files: number) =>
	`Packed it has about ${kilobytes} kB and about ${files} files (rounded to 5 kB and 10 files).\n`;

describe('judgeClaims', () => {
	it('is content with a claim that is right within its rounding', async () => {
		expect(await complaintsAbout(says(1, 10))).toEqual([]);
	});

	it('finds a wrong size', async () => {
		expect(await complaintsAbout(says(5, 10))).toEqual([
			expect.stringMatching(/^README\.md says that the package has about 5 kB: it has \d\.\d\.$/),
		]);
	});

	it('finds a wrong number of files', async () => {
		expect(await complaintsAbout(says(1, 20))).toEqual([
			expect.stringMatching(/^README\.md says that the package has about 20 files: it has \d+\.$/),
		]);
	});

	it('asks for a claim', async () => {
		expect(await complaintsAbout('# Sample\n')).toEqual(['README.md does not say how large the package is.']);
	});
});
