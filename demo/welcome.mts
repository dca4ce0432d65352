import { DEFAULT_OWNER } from '../host/index.mjs';
import type { Demo } from './openDemo.mjs';

/** What a person can open and click. */
export function welcome({ portal, n8n, workflow }: Demo): string {
	return `
Ready. Two pages to open:

  The portal   ${portal.portalUrl}
  n8n          ${n8n.url}/workflow/${workflow.id}/executions
               log in as ${DEFAULT_OWNER.email} with the password ${DEFAULT_OWNER.password}

Delete a lead on the portal's page: its log shows the delivery and, a moment later, a link to the run in n8n.

In n8n's "Editor" tab, open the trigger to choose other events, or click "Execute step": the portal then
sends a sample. Unpublish the workflow, and its handlers vanish from the portal's page.

The examples (${n8n.url}/home/workflows) are there as well: the lead archive already notes what you add
on the portal's page; those for Slack and Google Sheets wait for accounts of yours.

Nothing here reaches the internet, and nothing is kept. Ctrl+C stops everything.
`;
}
