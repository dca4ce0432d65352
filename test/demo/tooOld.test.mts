import { tooOld } from '../../demo/tooOld.mjs';

it.each(['18.20.8', '20.18.3', '8.0.0'])('asks for a newer Node.js than %s', (version) => {
	expect(tooOld(version, '>=20.19')).toBe(
		`This needs Node.js 20.19 or newer, and was started with ${version}: get one from https://nodejs.org, then "npm ci" again`,
	);
});

it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('is content with %s', (version) => {
	expect(tooOld(version, '>=20.19')).toBeUndefined();
});
