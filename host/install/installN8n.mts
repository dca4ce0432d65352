import { join } from 'node:path';

import { DEFAULT_VERSION, n8nVersion, type N8nVersion } from '../versions.mjs';
import { buildNativeModules } from './buildNativeModules.mjs';
import { cacheFolder as defaultCacheFolder } from './cacheFolder.mjs';
import { downloadPackages } from './downloadPackages.mjs';
import { exists } from '../exists.mjs';
import type { InstallProgress } from './InstallProgress.mjs';
import { isComplete, n8nBinary } from './isComplete.mjs';
import { Mark } from './Mark.mjs';
import type { N8nInstall } from './N8nInstall.mjs';
import { nodeFor, nodeOf } from './nodeFor.mjs';
import { assertSpace, canCompile, freeMegabytes, missingCompilers } from './requirements.mjs';
import { withLock } from './withLock.mjs';

/** What to install and where. */
export interface InstallOptions {
	version?: string;
	/** The major version of the Node.js that is to run it. Default: ours when it is new enough. */
	nodeMajor?: number;
	/** Default: see `cacheFolder`. */
	cacheFolder?: string;
	/** Called when a step begins, and every other second while one goes on. Not at all when nothing is to be done. */
	onProgress?: (progress: InstallProgress) => void;
}

/** Node.js 24 and what npm keeps while it works, beside n8n itself. */
const EXTRA_MB = 1200;
const TELL_EVERY_MS = 2000;

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

async function install(
	version: N8nVersion,
	cache: string,
	n8nFolder: string,
	onProgress: (progress: InstallProgress) => void,
): Promise<void> {
	const packages = new Mark(join(n8nFolder, 'packages-complete'));
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
		if (!(await packages.exists())) assertSpace(cache, await freeMegabytes(cache), version.megabytes + EXTRA_MB);
		return await canCompile(await missingCompilers());
	});
	const node = await step(2, async () => await nodeFor(version.nodeMajor, cache));
	await step(3, async (tell) => await downloadPackages(n8nFolder, node.binary, version, packages, tell));
	await step(4, async () => await buildNativeModules(n8nFolder, node, version, compile));
	await step(5, async () => {
		if (await isComplete(n8nFolder, node.binary, version)) return;
		await packages.clear();
		throw new Error(`The n8n in ${n8nFolder} does not run on this machine: start again to have it installed anew`);
	});
}

/**
 * Installs a real n8n, once per machine: some six minutes and 3 GB. What is there already is used; what was
 * interrupted is taken up again; of two at once, one waits for the other.
 *
 * @throws one line for people, saying what is missing and how to get it
 */
export async function installN8n({
	version: wanted = DEFAULT_VERSION,
	nodeMajor,
	cacheFolder = defaultCacheFolder(),
	onProgress = () => undefined,
}: InstallOptions = {}): Promise<N8nInstall> {
	const version = n8nVersion(wanted);
	const n8nFolder = join(cacheFolder, `n8n-${version.version}`);
	const complete = new Mark(join(n8nFolder, 'installation-complete'));
	const found = async () => {
		const { binary } = await (nodeMajor === undefined
			? nodeFor(version.nodeMajor, cacheFolder)
			: nodeOf(nodeMajor, cacheFolder));
		return { version: version.version, n8nFolder, nodeBinary: binary };
	};
	if (await complete.exists()) return await found();

	const waiting = () =>
		onProgress({ step: 1, steps: 1, title: 'Waiting for another program that installs n8n', elapsedMs: 0 });
	return await withLock(n8nFolder, waiting, async () => {
		if (await complete.exists()) return await found();
		// An installation that was made by hand, or by an earlier version of this program, lacks nothing but the mark.
		const isThere = await exists(n8nBinary(n8nFolder));
		const byHand = isThere && (await isComplete(n8nFolder, (await found()).nodeBinary, version));
		if (!byHand) await install(version, cacheFolder, n8nFolder, onProgress);
		await complete.set(`n8n ${version.version} ran here`);
		return await found();
	});
}
