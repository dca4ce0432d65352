import { mkdir, statfs } from 'node:fs/promises';

import { execa } from 'execa';

/** What compiling native modules takes, and the Debian package that brings it. */
const COMPILERS: Readonly<Record<string, string>> = { python3: 'python3', make: 'make', 'g++': 'g++' };

/** Where binaries of sqlite3 are kept that fit most machines. */
const PREBUILT_BINARIES = 'https://github.com';

async function isThere(tool: string): Promise<boolean> {
	return !(await execa(tool, ['--version'], { reject: false })).failed;
}

async function answers(url: string): Promise<boolean> {
	return await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) }).then(
		() => true,
		() => false,
	);
}

/** Names the tools, of those that compile native modules, that this machine lacks. */
export async function missingCompilers(has: (tool: string) => Promise<boolean> = isThere): Promise<string[]> {
	const tools = Object.keys(COMPILERS);
	const found = await Promise.all(tools.map(has));
	return tools.filter((_, index) => !found[index]);
}

/**
 * Tells whether native modules are compiled here (`true`) or taken from where their binaries are kept (`false`).
 *
 * @throws when neither is possible, naming what to install
 */
export async function canCompile(
	missing: readonly string[],
	reachable: (url: string) => Promise<boolean> = answers,
): Promise<boolean> {
	if (missing.length === 0) return true;
	if (await reachable(PREBUILT_BINARIES)) return false;
	const packages = missing.map((tool) => COMPILERS[tool] ?? tool).join(' ');
	throw new Error(
		`n8n's database driver has to be compiled on this machine, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
			`On Debian and Ubuntu: sudo apt-get install -y ${packages}. On macOS: xcode-select --install`,
	);
}

/** Free space at a folder, in MB. The folder is made if need be. */
export async function freeMegabytes(folder: string): Promise<number> {
	await mkdir(folder, { recursive: true });
	const { bavail, bsize } = await statfs(folder);
	return Math.floor((bavail * bsize) / 1_000_000);
}

/** @throws when less than the needed space is free, saying where and how to choose another place */
export function assertSpace(folder: string, freeMb: number, neededMb: number): void {
	if (freeMb >= neededMb) return;
	const inGb = (megabytes: number) => (megabytes / 1000).toFixed(1);
	throw new Error(
		`n8n needs ${inGb(neededMb)} GB in ${folder}, where ${inGb(freeMb)} GB are free. ` +
			'Make room, or name another folder in N8N_NODES_BITRIX24_CACHE',
	);
}
