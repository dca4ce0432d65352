import { createRequire } from 'node:module';
import { join } from 'node:path';

import { packedPackage } from '../../test/integration/support/packedPackage.mjs';

type Module = typeof import('../../nodes/Bitrix24/webhook/receive.js');

/** The trigger's way in. */
export type Receive = Module['receive'];

/**
 * The trigger's way in as it is published: what a transpiler does on the way for tests costs time.
 *
 * @param work is given `receive`, as long as it runs
 */
export async function withBuiltTrigger<T>(work: (receive: Receive) => Promise<T>): Promise<T> {
	const built = await packedPackage();
	try {
		const load = createRequire(join(built.folder, 'package.json'));
		const { receive }: Module = load('./dist/nodes/Bitrix24/webhook/receive.js');
		return await work(receive);
	} finally {
		await built.remove();
	}
}
