import type { INodeParameters } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import type { World } from './inWorld.mjs';
import { inWorld } from './inWorld.mjs';
import type { Event, Outcome, Strike } from './setting.mjs';

/** What is done with a queue trigger. */
export interface QueueSteps {
	/** What goes before, while nothing goes wrong. */
	before?(world: World): Promise<unknown>;
	/** What is done while a call goes wrong, and once more when that is over. */
	work(world: World): Promise<Event[]>;
	/** What it is called when nothing came in its way. */
	fine: string;
	/** Whether events are collected when nothing came in its way. */
	collects: boolean;
	parameters?: INodeParameters;
}

/**
 * Runs steps on a queue trigger while a call goes wrong, and then once more.
 *
 * @throws when what others have bound was touched
 */
export async function struckQueue(call: string, strike: Strike, steps: QueueSteps): Promise<Outcome> {
	return await inWorld(new Bitrix24QueueTrigger(), steps.parameters ?? {}, async (world) => {
		const { portal, n8n, bound } = world;
		await steps.before?.(world);
		if (call === 'oauth.token') portal.expireAccessTokens();
		n8n.log.length = 0;
		const undo = await strike(world);
		const during = await steps.work(world);
		undo();
		const collects = bound().length > 0;
		const afterwards = await steps.work(world);
		const isMended = isFine(afterwards, steps.fine) && bound().length > 0 === steps.collects;
		if (!world.areOthersUntouched()) throw new Error(`${call}: handlers of others were touched`);
		return {
			story: [...during, ...(isMended ? [] : ([['the same again when it is over']] as Event[]))],
			portal: collects ? 'collects' : 'collects nothing',
			isRecovered: isFine(during, steps.fine) && isMended,
		};
	});
}

function isFine(story: Event[], fine: string): boolean {
	return story.map(([what]) => what).join() === fine;
}
