import { ownQueueName } from '../../../../nodes/Bitrix24/queue/setup.js';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

describe('ownQueueName', () => {
	it('is made from workflow and node', () => {
		expect(ownQueueName(triggerContext().context)).toBe('n8n_workflow-1_node-1');
	});

	it('says so of a workflow that has never been saved', () => {
		const getNode = triggerContext().context.getNode;
		const getWorkflow = () => ({ active: false });
		expect(ownQueueName({ getNode, getWorkflow })).toBe('n8n_new_node-1');
	});
});
