import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where installed n8ns are kept, once per machine and user, outside every clone.
 *
 * @param environment `N8N_NODES_BITRIX24_CACHE` names the folder itself, `XDG_CACHE_HOME` the one above it
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
	if (environment.N8N_NODES_BITRIX24_CACHE) return environment.N8N_NODES_BITRIX24_CACHE;
	return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-bitrix24');
}
