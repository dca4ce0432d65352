import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { given } from '../../fakes/deliver.mjs';
import { simulatedPortal } from '../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../fakes/hookContext.mjs';
import { triggerContext } from '../../fakes/triggerContext.mjs';

const node = new Bitrix24QueueTrigger();

describe('Bitrix24QueueTrigger', () => {
	it('shows what waits in the queue of its portal', async () => {
		const portal = simulatedPortal();
		portal.queue([7], { connector: 'n8n_workflow-1_node-1' });
		const { context, emitted } = triggerContext({ portal, mode: 'manual' });
		const { manualTriggerFunction } = await node.trigger.call(context);
		await manualTriggerFunction?.();
		expect(emitted.map(({ items }) => items)).toMatchObject([[{ leadId: 7 }]]);
	});

	it('loads the other events of the portal', async () => {
		const { context } = hookContext({ credentials: given });
		const options = await node.methods.loadOptions.getOtherEvents.call(context as unknown as ILoadOptionsFunctions);
		expect(options.map(({ value }) => value)).toEqual(['ONAPPTEST', 'ONCRMDYNAMICITEMADD_1220']);
	});
});
