import type { INodeTypeDescription } from 'n8n-workflow';

/** What the editor says while nothing has arrived yet. */
export const triggerPanel: INodeTypeDescription['triggerPanel'] = {
	header: '',
	executionsHelp: {
		inactive:
			'<b>While building your workflow</b>, click the "listen" button: Bitrix24 sends a sample at once (or choose in Options to wait for a real event).<br /><br /><b>Once you\'re happy with your workflow</b>, activate it. Then every event starts it, and the executions show up in the <a data-key="executions">executions list</a>, but not in the editor.',
		active:
			'<b>This trigger is active</b>: every event starts the workflow, and the executions show up in the <a data-key="executions">executions list</a>.<br /><br />If nothing arrives, the execution list stays empty and the log of n8n names the reason for each refused delivery.',
	},
	activationHint: 'Once you have finished building your workflow, activate it to have it run for every event.',
};
