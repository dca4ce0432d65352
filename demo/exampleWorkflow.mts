import type { WorkflowDraft } from '../host/index.mjs';

/** The trigger's name on the canvas. */
export const TRIGGER = 'Bitrix24 Trigger';

/** The trigger as it comes, and a node that shows what it puts out. */
export function exampleWorkflow(account: { id: string; name: string }): WorkflowDraft {
	return {
		name: 'Deleted leads',
		nodes: [
			{
				name: TRIGGER,
				type: 'n8n-nodes-bitrix24-triggers.bitrix24Trigger',
				credentials: { bitrix24OAuth2Api: account },
			},
			{ name: 'Your Next Step', type: 'n8n-nodes-base.noOp' },
		],
	};
}
