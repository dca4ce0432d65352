import { z } from 'zod';

import type { N8nInstall } from '../../../host/index.mjs';

/** An installed n8n, and the package as it would be published. */
export type PreparedInstall = N8nInstall & { tarball: string };

const prepared = z.object({ version: z.string(), n8nFolder: z.string(), nodeBinary: z.string(), tarball: z.string() });

const variable = 'N8N_NODES_BITRIX24_E2E';

/** Hands what `run.mts` has prepared to the tests. */
export function announceInstall(install: PreparedInstall): Record<string, string> {
	return { [variable]: JSON.stringify(install) };
}

/** @throws when the tests were not started by `npm run test:e2e` */
export function preparedInstall(): PreparedInstall {
	const text = process.env[variable];
	if (text === undefined) throw new Error('Start the end-to-end tests with "npm run test:e2e".');
	return prepared.parse(JSON.parse(text));
}

/** The environment variable that is set where the tests are to take their time. */
export const LONG = 'N8N_NODES_BITRIX24_LONG';

/** Whether they were started by `npm run test:e2e -- --long`. */
export const isLong = (): boolean => process.env[LONG] !== undefined;
