import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { lock } from 'proper-lockfile';

import { nodeFor, type NodeInstall, nodeOf } from './node.mjs';
import { runNpm } from './npm.mjs';
import { assertSpace, canCompile, freeMegabytes, missingCompilers } from './requirements.mjs';
import { DEFAULT_VERSION, n8nVersion, type N8nVersion } from './versions.mjs';

/** An n8n that is ready to start. */
export interface N8nInstall {
	version: string;
	/** The folder that holds n8n's `package.json` and `node_modules`. */
	n8nFolder: string;
	/** The Node.js that runs it. */
	nodeBinary: string;
}

/** What to install and where. */
export interface InstallOptions {
	version?: string;
	/** The major version of the Node.js that is to run it. Default: ours when it is new enough. */
	nodeMajor?: number;
	/** Where n8ns are kept, once per machine and user, outside every clone. */
	cacheFolder?: string;
	/** Called when a step begins, and every other second while one goes on. Not at all when nothing is to be done. */
	onProgress?: (progress: InstallProgress) => void;
}

/** How far an installation is. */
export interface InstallProgress {
	/** The running step, from 1. */
	step: number;
	steps: number;
	/** What the step does, e.g. "Downloading n8n 2.41.1". */
	title: string;
	/** What there is to say about how far it is, e.g. "812 of about 1,500 packages". */
	detail?: string;
	/** Since the installation began. */
	elapsedMs: number;
}

/** Progress in one line for people, e.g. `[2/4] Downloading n8n 2.41.1: 812 of about 1,500 packages (1:32)`. */
export function progressLine({ step, steps, title, detail, elapsedMs }: InstallProgress): string {
	const seconds = Math.floor(elapsedMs / 1000);
	const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
	return `[${step}/${steps}] ${title}${detail === undefined ? '' : `: ${detail}`} (${clock})`;
}

/** Node.js 24 and what npm keeps while it works, beside n8n itself. */
const EXTRA_MB = 1200;
const TELL_EVERY_MS = 2000;

/**
 * Installs a real n8n, once per machine: some six minutes and 3 GB. What is there already is used; what was
 * interrupted is taken up again; of two at once, one waits for the other.
 *
 * @throws one line for people, saying what is missing and how to get it
 */
export async function installN8n({
	version: wanted = DEFAULT_VERSION,
	nodeMajor,
	cacheFolder = defaultCacheFolder(process.env),
	onProgress = () => undefined,
}: InstallOptions = {}): Promise<N8nInstall> {
	const version = n8nVersion(wanted);
	const n8nFolder = join(cacheFolder, `n8n-${version.version}`);
	const complete = mark(n8nFolder, 'installation-complete');
	const found = async () => {
		const { binary } = await (nodeMajor === undefined
			? nodeFor(version.nodeMajor, cacheFolder)
			: nodeOf(nodeMajor, cacheFolder));
		return { version: version.version, n8nFolder, nodeBinary: binary };
	};
	if (complete.isSet()) return await found();

	const waiting = () =>
		onProgress({ step: 1, steps: 1, title: 'Waiting for another program that installs n8n', elapsedMs: 0 });
	return await withLock(n8nFolder, waiting, async () => {
		if (complete.isSet()) return await found();
		// An installation that was made by hand, or by an earlier version of this program, lacks nothing but the mark.
		const byHand =
			existsSync(n8nBinary(n8nFolder)) && (await isComplete(n8nFolder, (await found()).nodeBinary, version));
		if (!byHand) await install(version, cacheFolder, n8nFolder, onProgress);
		await complete.set(`n8n ${version.version} ran here`);
		return await found();
	});
}

async function install(
	version: N8nVersion,
	cache: string,
	n8nFolder: string,
	onProgress: (progress: InstallProgress) => void,
): Promise<void> {
	const packages = mark(n8nFolder, 'packages-complete');
	const step = narrator(
		[
			'Looking at this machine',
			`Getting a Node.js for n8n ${version.version}`,
			`Downloading n8n ${version.version}`,
			'Compiling its native modules (some two minutes)',
			'Trying it',
		],
		onProgress,
	);
	const compile = await step(1, async () => {
		if (!packages.isSet()) assertSpace(cache, await freeMegabytes(cache), version.megabytes + EXTRA_MB);
		return await canCompile(await missingCompilers());
	});
	const node = await step(2, async () => await nodeFor(version.nodeMajor, cache));
	await step(3, async (tell) => {
		if (packages.isSet()) return;
		await downloadPackages(n8nFolder, node.binary, version, tell);
		await packages.set('npm has laid out every package');
	});
	await step(4, async () => await buildNativeModules(n8nFolder, node, version, compile));
	await step(5, async () => {
		if (await isComplete(n8nFolder, node.binary, version)) return;
		await packages.clear();
		throw new Error(`The n8n in ${n8nFolder} does not run on this machine: start again to have it installed anew`);
	});
}

/** Tells the progress of one step after the other. */
function narrator(steps: string[], onProgress: (progress: InstallProgress) => void) {
	const began = Date.now();
	return async <T,>(step: number, act: (tell: (detail: string) => void) => Promise<T>): Promise<T> => {
		let detail: string | undefined;
		const report = () =>
			onProgress({ step, steps: steps.length, title: steps[step - 1] ?? '', detail, elapsedMs: Date.now() - began });
		report();
		const timer = setInterval(report, TELL_EVERY_MS);
		try {
			return await act((told) => (detail = told));
		} finally {
			clearInterval(timer);
		}
	};
}

/**
 * Installs n8n's packages without running their install scripts. What lies in the folder is the rest of an interrupted
 * run, which npm would take for complete: it is thrown away.
 */
async function downloadPackages(
	n8nFolder: string,
	nodeBinary: string,
	{ version, overrides, packages }: N8nVersion,
	tell: (detail: string) => void,
): Promise<void> {
	const nodeModules = join(n8nFolder, 'node_modules');
	await rm(nodeModules, { recursive: true, force: true });
	const manifest = { name: 'n8n-to-try', private: true, dependencies: { n8n: version }, overrides };
	await writeFile(join(n8nFolder, 'package.json'), JSON.stringify(manifest, null, 2));

	const expected = packages.toLocaleString('en');
	const timer = setInterval(() => {
		void packagesIn(nodeModules).then((count) =>
			tell(count === 0 ? 'looking up what it needs' : `${count.toLocaleString('en')} of about ${expected} packages`),
		);
	}, TELL_EVERY_MS);
	try {
		await runNpm(n8nFolder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
			PATH: `${dirname(nodeBinary)}:${process.env.PATH ?? ''}`,
		});
	} finally {
		clearInterval(timer);
	}
}

/** How many packages npm has laid out so far: it makes the empty folders first. */
async function packagesIn(nodeModules: string): Promise<number> {
	const entries = async (folder: string) => await readdir(folder).catch((): string[] => []);
	const folders = await Promise.all(
		(await entries(nodeModules)).map(async (name) =>
			name.startsWith('@') ? (await entries(join(nodeModules, name))).map((inner) => join(name, inner)) : [name],
		),
	);
	return folders.flat().filter((folder) => existsSync(join(nodeModules, folder, 'package.json'))).length;
}

/**
 * Runs the install scripts of the modules that n8n does not run without.
 *
 * @param compile true: sqlite3 is compiled. False: it fetches a binary from GitHub, which fits most machines.
 *   isolated-vm brings binaries for common machines along
 */
async function buildNativeModules(
	n8nFolder: string,
	node: NodeInstall,
	version: N8nVersion,
	compile: boolean,
): Promise<void> {
	await runNpm(n8nFolder, ['rebuild', '--ignore-scripts=false', ...version.nativeModules], {
		PATH: `${dirname(node.binary)}:${process.env.PATH ?? ''}`,
		...(node.headers === undefined ? {} : { npm_config_nodedir: node.headers }),
		...(compile ? { npm_config_build_from_source: 'sqlite3' } : {}),
	});
}

/** Where n8n's start file lies. */
export function n8nBinary(n8nFolder: string): string {
	return join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');
}

/** Whether the n8n in a folder is the wanted one, and it and its native modules run on the given Node.js. */
async function isComplete(n8nFolder: string, nodeBinary: string, version: N8nVersion): Promise<boolean> {
	const load = version.nativeModules.map((name) => `require(${JSON.stringify(name)})`).join(';');
	const inFolder = execa({ cwd: n8nFolder, reject: false });
	const { failed, stdout } = await inFolder(nodeBinary, [n8nBinary(n8nFolder), '--version']);
	return !failed && stdout.trim() === version.version && !(await inFolder(nodeBinary, ['-e', load])).failed;
}

/** A file whose presence says that something is complete. It is written last, so that what was interrupted lacks it. */
function mark(folder: string, name: string) {
	const file = join(folder, name);
	return {
		isSet: () => existsSync(file),
		set: async (text: string) => await writeFile(file, `${text}\n`),
		clear: async () => await rm(file, { force: true }),
	};
}

/** `N8N_NODES_BITRIX24_CACHE` names the folder itself, `XDG_CACHE_HOME` the one above it. */
function defaultCacheFolder({ N8N_NODES_BITRIX24_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
	return N8N_NODES_BITRIX24_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-bitrix24-triggers');
}

/** A lock that nobody has renewed for that long belongs to a process that died. */
const STALE_MS = 30_000;

/**
 * Does something that only one process on this machine may do at a time.
 *
 * @param folder what is locked; made if need be
 * @param waiting called when another process is at it, and we wait for it
 */
async function withLock<T>(folder: string, waiting: () => void, act: () => Promise<T>): Promise<T> {
	await mkdir(folder, { recursive: true });
	const options = {
		stale: STALE_MS,
		// A laptop that slept may lose its lock; to break off then would be worse than to go on.
		onCompromised: () => undefined,
	};
	const release = await lock(folder, options).catch(async () => {
		waiting();
		return await lock(folder, { ...options, retries: { forever: true, minTimeout: 1000, maxTimeout: 1000 } });
	});
	try {
		return await act();
	} finally {
		// A lost lock cannot be given back.
		await release().catch(() => undefined);
	}
}
