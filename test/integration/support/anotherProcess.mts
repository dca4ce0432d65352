import type { INodeType, ITriggerFunctions } from 'n8n-workflow';

/**
 * Bitrix24 Queue Trigger as another n8n process has it, after a crash, say: nothing is left of what this process
 * remembers.
 */
export async function anotherProcess(): Promise<INodeType> {
	const loaded: INodeType[] = [];
	await jest.isolateModulesAsync(async () => {
		const { Bitrix24QueueTrigger } = await import('../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js');
		// The node would load it later, and from what this process has loaded already.
		const { trigger } = await import('../../../nodes/Bitrix24/queue/trigger.js');
		loaded.push(
			Object.assign(new Bitrix24QueueTrigger(), {
				async trigger(this: ITriggerFunctions) {
					return await trigger(this);
				},
			}),
		);
	});
	const [nodeType] = loaded;
	if (!nodeType) throw new Error('The node was not loaded');
	return nodeType;
}
