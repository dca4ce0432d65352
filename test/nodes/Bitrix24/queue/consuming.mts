import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import type { Outage } from '../../../../nodes/Bitrix24/queue/outage.js';
import type { QueueSession } from '../../../../nodes/Bitrix24/queue/setup.js';
import type { QueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { readQueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import type { Station } from './station.mjs';

/** A queue that is being consumed. */
export interface Consumed {
	/** Messages of what went wrong, the oldest first, and "over" for the end of it. */
	outages: string[];
	/** How often the queue was made ready again. */
	prepared: number;
	/** Settles when the consuming has ended. */
	ended: Promise<void>;
	hasEnded: boolean;
}

interface Given {
	/** A check every 30 seconds, 100 records each, by default. */
	settings?: Partial<QueueSettings>;
	prepare?: (ready: QueueSession) => Promise<QueueSession>;
	/** Milliseconds to wait after something went wrong. */
	pauseAfter?: number;
}

/** Consumes a queue by jest's fake timers, which are to be on: the station's clock follows them. */
export function consuming(station: Station, given: Given = {}): Consumed {
	const { prepare = async (ready) => ready, pauseAfter = 5_000 } = given;
	const defaults = readQueueSettings({ getNodeParameter: (_name, fallback) => fallback });
	const outages: string[] = [];
	const outage: Outage = {
		note(error) {
			outages.push(error instanceof ActionableError ? (error.failure?.code ?? error.message) : String(error));
			return pauseAfter;
		},
		over: () => void outages.push('over'),
	};
	const handling = { ...station.handling, now: Date.now };
	const consumed = { outages, prepared: 0, ended: Promise.resolve(), hasEnded: false };
	const again = async () => {
		consumed.prepared++;
		return await prepare(station.ready);
	};
	consumed.ended = new QueueConsumer(station.ready, {
		settings: { ...defaults, ...given.settings },
		batchContext: handling,
		outage,
		setUp: again,
	}).start();
	void consumed.ended.finally(() => (consumed.hasEnded = true));
	return consumed;
}

/** The methods that were called since it was asked last. */
export function called({ portal }: Station): string[] {
	return portal.calls.splice(0).map(({ method }) => method.replace('event.offline.', ''));
}
