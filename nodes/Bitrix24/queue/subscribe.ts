import { isSelected } from '../event/isSelected';
import { currentHandlers } from '../subscription/currentHandlers';
import { reconcile } from '../subscription/reconcile';
import type { Station } from './openStation';

type Place = Pick<Station, 'portal' | 'address' | 'isOwn'>;

/**
 * Lets the portal collect the wanted events in the trigger's queue. In a queue of its own nothing else is collected; in
 * one that others may use, what they collect stays.
 *
 * @param wanted codes that the portal knows, in upper case
 * @returns codes that are collected beside the wanted ones, for others
 * @throws Refusal when the portal refuses
 */
export async function subscribe({ portal, address, isOwn }: Place, wanted: readonly string[]): Promise<string[]> {
	const others = isOwn ? [] : await collectedBeside({ portal, address }, wanted);
	await reconcile(portal, address, [...wanted, ...others]);
	return others;
}

/**
 * Stops the collecting of the given events, or of all in a queue of the trigger's own.
 *
 * @throws Refusal when the portal refuses
 */
export async function unsubscribe({ portal, address, isOwn }: Place, unwanted: readonly string[]): Promise<void> {
	await reconcile(portal, address, isOwn ? [] : await collectedBeside({ portal, address }, unwanted));
}

async function collectedBeside({ portal, address }: Omit<Place, 'isOwn'>, codes: readonly string[]): Promise<string[]> {
	const current = await currentHandlers(portal, address);
	return [...new Set(current.map(({ event }) => event))].filter((event) => !isSelected(event, codes));
}
