import type { Target } from './kinds.mjs';

/** What happened, and the message that told it, if one did. */
export type Event = [what: string, message?: string];

/** What became of a call that went wrong. */
export interface Outcome {
	/** What happened, in order. */
	story: Event[];
	/** What is on the portal afterwards. */
	portal: string;
	/** Whether it did not come in the way of anything. */
	isRecovered: boolean;
}

/** Makes the call go wrong from now on. @returns ends it */
export type Strike = (world: Omit<Target, 'call'>) => Promise<() => void>;

/** Something that the package does on a portal. */
export interface Setting {
	title: string;
	/** What is so before, and what is done, in a sentence or two. */
	about: string;
	/** The calls that it makes, in their order. */
	calls: readonly string[];
	/** Whether what lasts is left out, since it ends as in another setting. */
	isOnceOnly?: boolean;
	/** Does it, while a call goes wrong: once, or as long as it is tried. */
	run(call: string, strike: Strike, isLasting: boolean): Promise<Outcome>;
}

/** What became of work that may be refused: the message is what somebody reads. */
export async function refusal(work: Promise<unknown>, fine: string): Promise<Event> {
	return await work.then(
		() => [fine],
		(error: unknown) => ['refused', error instanceof Error ? error.message : String(error)],
	);
}
