import { installN8n, packOnce, progressLine } from '../host/index.mjs';
import { announceInstall } from '../test/e2e/support/preparedInstall.mjs';
import { openWorld, type World, type WorldOptions } from '../test/e2e/support/world.mjs';

/** Gives a real n8n with the package in it, beside a simulated portal, to some work, and ends both after it. */
export async function withRealN8n<T>(options: WorldOptions, work: (world: World) => Promise<T>): Promise<T> {
	const install = await installN8n({ onProgress: (progress) => console.log(progressLine(progress)) });
	Object.assign(process.env, announceInstall({ ...install, tarball: await packOnce() }));
	const world = await openWorld(options);
	try {
		return await work(world);
	} finally {
		await world.close();
	}
}
