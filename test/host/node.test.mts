import { nodePackage } from '../../host/node.mjs';

it.each([
	['linux', 'x64'],
	['linux', 'arm64'],
	['darwin', 'x64'],
	['darwin', 'arm64'],
])('knows a Node.js 24 for %s on %s', (platform, arch) => {
	expect(nodePackage(24, platform, arch)).toEqual({
		name: expect.stringContaining(`${platform}-${arch}`),
		version: expect.stringMatching(/^24\./),
	});
});

it('says what to do on a machine for which it knows none', () => {
	expect(() => nodePackage(24, 'freebsd', 'x64')).toThrow(
		/for freebsd-x64: install Node\.js 24 from https:\/\/nodejs\.org/,
	);
});
