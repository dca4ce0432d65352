import type { INodeTypeDescription } from 'n8n-workflow';

/** What the editor says before a test. */
export const queuePanel: INodeTypeDescription['triggerPanel'] = {
	header: '',
	executionsHelp: {
		inactive:
			'<b>While building your workflow</b>, test this step: it shows what waits in the queue and takes nothing from it.<br /><br /><b>Once you\'re happy with your workflow</b>, activate it. From then on Bitrix24 queues the events, and the executions show up in the <a data-key="executions">executions list</a>, but not in the editor.',
		active:
			'<b>This trigger is active</b>: it reads the queue regularly, and the executions show up in the <a data-key="executions">executions list</a>.<br /><br />Testing this step shows what waits in the queue and takes nothing from it.',
	},
	activationHint: 'Once you have finished building your workflow, activate it to have Bitrix24 queue its events.',
};
