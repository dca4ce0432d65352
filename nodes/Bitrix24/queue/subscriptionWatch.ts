import { ActionableError } from '../api/errors';
import type { Log } from '../n8n/log';
import { processState } from '../n8n/processState';
import { sleep } from '../n8n/timing';
import type { QueueSession, Subscription } from './setup';

/** What a subscription is watched with. */
export interface WatchOptions {
	/** Which node of which workflow it is. */
	owner: string;
	/** How often to look, in milliseconds. */
	intervalMs: number;
	signal: AbortSignal;
	log: Pick<Log, 'warn' | 'report' | 'info'>;
	/** Milliseconds of elapsed time. */
	elapsed: () => number;
	/** Epoch milliseconds, for what people read. */
	now: () => number;
}

// What an event is unknown for may pass: a permission that is given back, say.
const reportUnknownAfterMs = 600_000;
const retriesPerInterval = 9;

/**
 * Looks again and again whether the portal still collects the trigger's events, beside whatever runs: when the app is edited
 * or reinstalled, all its subscriptions vanish, and nobody is told.
 */
export class SubscriptionWatch {
	private unknown: { message: string; since: number; isReported: boolean } | null = null;

	constructor(private readonly options: WatchOptions) {}

	/**
	 * Watches until the node closes.
	 *
	 * @param session the queue as it is set up now; null while it is not, and then its next set-up looks
	 */
	async start(session: () => QueueSession | null): Promise<void> {
		const { intervalMs, signal } = this.options;
		let pause = this.pause();
		for (;;) {
			await sleep(pause, signal);
			if (signal.aborted) return;
			pause = intervalMs / retriesPerInterval;
			const current = session();
			if (current !== null && (await this.look(current))) pause = this.pause();
		}
	}

	/** Whether it could be seen what the portal collects. Where it could not, reading the queue tells of the outage. */
	private async look(session: QueueSession): Promise<boolean> {
		const subscription = await session.subscribe().catch(() => null);
		if (subscription === null) return false;
		this.note(session.key, subscription);
		return true;
	}

	/** Notes what the portal collects, and reports what it had stopped collecting. */
	note(key: string, { events, missing, problem }: Subscription): void {
		const { now, log } = this.options;
		const name = this.nameOf(key);
		const seen = processState.collecting.get(name);
		const at = now();
		processState.collecting.set(name, { events, at });
		const lost = missing.filter((event) => seen?.events.includes(event));
		if (seen !== undefined && lost.length > 0) log.report(stoppedCollecting(lost, seen.at, at));
		this.noteUnknown(problem);
	}

	/** Forgets what the portal collected, for it is to stop. */
	forget(key: string): void {
		processState.collecting.delete(this.nameOf(key));
	}

	private nameOf(key: string): string {
		return JSON.stringify([key, this.options.owner]);
	}

	private noteUnknown(problem: ActionableError | null): void {
		const { elapsed, log } = this.options;
		if (problem === null) {
			if (this.unknown !== null) log.info('the portal knows all selected events again.');
			this.unknown = null;
			return;
		}
		const { message } = problem;
		if (this.unknown?.message !== message) {
			log.warn(`${message} The other events go on.`);
			this.unknown ??= { message, since: elapsed(), isReported: false };
			this.unknown.message = message;
		}
		if (!this.unknown.isReported && elapsed() - this.unknown.since >= reportUnknownAfterMs) {
			this.unknown.isReported = true;
			log.report(problem);
		}
	}

	private pause(): number {
		const { intervalMs, elapsed } = this.options;
		if (this.unknown === null || this.unknown.isReported) return intervalMs;
		return Math.min(intervalMs, Math.max(this.unknown.since + reportUnknownAfterMs - elapsed(), 1));
	}
}

function stoppedCollecting(events: readonly string[], from: number, to: number): ActionableError {
	const at = (time: number) => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
	return new ActionableError(
		`Bitrix24 had stopped collecting ${events.join(', ')} for this workflow: the app was edited or reinstalled, or another trigger unsubscribed from the same queue. The trigger has subscribed again. What happened between ${at(from)}, when the events were last seen to be collected, and ${at(to)} may be missing.`,
		'Look in Bitrix24 for what changed in that time.',
	);
}
