import type { N8nClient } from '../host/index.mjs';
import { type Accounts, EXAMPLES, type ExampleName, readExample } from './readExample.mjs';

/** Those that need nothing but the portal. */
const ACTIVE: readonly ExampleName[] = ['lead-archive-keep'];

/**
 * Imports the example workflows, with the given credentials chosen in them. Those that need no other service are
 * activated.
 *
 * @param folder where the examples lie
 * @returns how many there are
 * @throws when n8n refuses to activate one
 */
export async function importExamples(client: N8nClient, folder: string, accounts: Accounts): Promise<number> {
	// The one to look at first ends up at the top of n8n's list.
	for (const name of [...EXAMPLES].reverse()) {
		const { id } = await client.createWorkflow(await readExample(folder, name, accounts));
		if (!ACTIVE.includes(name)) continue;
		const outcome = await client.activate(id);
		if (!outcome.active) throw new Error(`n8n did not activate the example "${name}": ${outcome.message}`);
	}
	return EXAMPLES.length;
}
