import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives n8n-core what it reads from its environment when it is first used: a folder of its own, and silence.
 *
 * @returns removes the folder again
 */
export function prepareN8nCore(): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-core-'));
	Object.assign(process.env, { N8N_USER_FOLDER: folder, N8N_LOG_LEVEL: 'silent' });
	return () => rmSync(folder, { recursive: true, force: true });
}
