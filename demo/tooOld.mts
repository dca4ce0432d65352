/**
 * Whether a Node.js is older than what the package asks for.
 *
 * @param version e.g. `18.20.8`
 * @param asked `engines.node` of package.json, e.g. `>=20.19`
 * @returns what to tell the person, undefined when it is new enough
 */
export function tooOld(version: string, asked: string): string | undefined {
	const lowest = asked.replace(/^>=/, '');
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const [lowestMajor = 0, lowestMinor = 0] = lowest.split('.').map(Number);
	if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return undefined;
	return `This needs Node.js ${lowest} or newer, and was started with ${version}: get one from https://nodejs.org, then "npm ci" again`;
}
