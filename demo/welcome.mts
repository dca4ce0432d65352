import { DEFAULT_OWNER } from '../host/index.mjs';
import type { Demo } from './openDemo.mjs';

/** What a person can open and click. */
export function welcome({ portal, n8n, workflow }: Demo): string {
	return `
Ready. Two pages to open:

  The portal   ${portal.portalUrl}
  n8n          ${n8n.url}/workflow/${workflow.id}/executions
               log in as ${DEFAULT_OWNER.email} with the password ${DEFAULT_OWNER.password}

Delete a lead on the portal's page, and see the run under "Executions" in n8n a moment later.

In n8n's "Editor" tab, open the trigger to choose other events, or click "Listen for test event": the
portal then sends a sample. Deactivate the workflow, and its handlers vanish from the portal's page.

Nothing here reaches the internet, and nothing is kept. Ctrl+C stops everything.
`;
}
