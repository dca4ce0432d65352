import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian keeps each version of PostgreSQL apart, and its server outside the search path. */
const POSTGRESQL = '/usr/lib/postgresql';

async function folders(): Promise<string[]> {
	const versions = await readdir(POSTGRESQL).catch(() => []);
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
	return [...newestFirst.map((version) => join(POSTGRESQL, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
}

/**
 * Where a server's program lies.
 *
 * @throws when it is not installed, saying how to get it
 */
export async function debianProgram(name: string): Promise<string> {
	for (const folder of await folders()) {
		const file = join(folder, name);
		const isThere = await access(file, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) return file;
	}
	throw new Error(
		`These tests need Redis and PostgreSQL, and ${name} is not installed. ` +
			'On Debian and Ubuntu: sudo apt-get install -y --no-install-recommends redis-server postgresql',
	);
}
