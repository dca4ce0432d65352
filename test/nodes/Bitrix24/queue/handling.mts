import { processBatch } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import type { Station } from './station.mjs';

/** Reserves what waits, and handles it. */
export async function handleAll({ ready, handling }: Station): Promise<string> {
	const batch = await ready.queue.reserve({ limit: 100, event: null });
	await processBatch(batch, ready, handling);
	return String(batch.processId);
}

/** What the portal was told, in order. */
export const told = ({ portal }: Station) =>
	portal.calls
		.filter(({ method }) => method !== 'event.offline.get')
		.map(({ method, parameters }) => [method, parameters.id ?? parameters.message_id]);
