import type { INodeParameters } from 'n8n-workflow';

import { Bitrix24Trigger } from '../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import type { World } from './inWorld.mjs';
import { inWorld } from './inWorld.mjs';
import type { Event, Outcome, Strike } from './setting.mjs';

/** What is done with a trigger. */
export interface Steps {
	/** What goes before, while nothing goes wrong. */
	before?(world: World): Promise<unknown>;
	/** What is done while a call goes wrong, and once more when that is over. */
	work(world: World): Promise<Event[]>;
	/** What it is called when nothing came in its way. */
	fine: string;
	/** The codes that are bound when nothing came in its way. */
	wanted: string[];
	parameters?: INodeParameters;
}

/**
 * Runs steps on a trigger while a call goes wrong, and then once more.
 *
 * @throws when what others have bound was touched
 */
export async function struckTrigger(call: string, strike: Strike, steps: Steps): Promise<Outcome> {
	return await inWorld(new Bitrix24Trigger(), steps.parameters ?? {}, async (world) => {
		await steps.before?.(world);
		await world.settled();
		if (call === 'oauth.token') world.portal.expireAccessTokens();
		const during = await toldBy(world, steps, async () => await strike(world));
		const portal = describe(world.bound(), steps.wanted);
		const afterwards = await toldBy(world, steps);
		const isMended = isFine(afterwards, steps.fine) && world.bound().join() === steps.wanted.join();
		if (!world.areOthersUntouched()) throw new Error(`${call}: handlers of others were touched`);
		return {
			story: [...during, ...(isMended ? [] : ([['the same again when it is over']] as Event[]))],
			portal,
			isRecovered: isFine(during, steps.fine) && isMended,
		};
	});
}

/** What was told, in the order in which people come across it. */
async function toldBy(world: World, { work }: Steps, strike?: () => Promise<() => void>): Promise<Event[]> {
	world.n8n.log.length = 0;
	const undo = await strike?.();
	const events = await work(world);
	await world.settled();
	undo?.();
	return [...world.told().map(({ text }): Event => ['logged', text]), ...events];
}

function isFine(story: Event[], fine: string): boolean {
	return story.map(([what]) => what).join() === fine;
}

function describe(bound: string[], wanted: string[]): string {
	if (bound.length === 0) return 'nothing bound';
	return bound.join() === wanted.join() ? 'bound as wanted' : `bound: ${bound.join(', ')}`;
}
