import type { WorkflowNode } from '../../../host/index.mjs';

/** A node that takes some time; below 65 seconds n8n keeps the run in memory meanwhile. */
export const slowdown = (seconds: number): WorkflowNode => ({
	name: 'Take some time',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'timeInterval', amount: seconds, unit: 'seconds' },
});
