import { once } from 'node:events';

import { WebSocket } from 'ws';
import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';

const pushMessage = z.object({ type: z.string(), data: z.unknown() });

/** One message of n8n to the editor, such as `executionFinished`. */
export type PushMessage = z.infer<typeof pushMessage>;

/** n8n's line to one window of the editor. Messages that came before they are asked for are kept. */
export class PushConnection {
	readonly #messages: PushMessage[] = [];

	readonly #listeners = new Set<() => void>();

	private constructor(readonly socket: WebSocket) {
		socket.on('message', (bytes: Buffer) => {
			const message = pushMessage.safeParse(JSON.parse(bytes.toString('utf8')));
			if (message.success) this.#messages.push(message.data);
			for (const listener of this.#listeners) listener();
		});
	}

	/** Opens the line for the session's window. */
	static async open(session: N8nSession): Promise<PushConnection> {
		const socket = new WebSocket(`${session.url.replace(/^http/, 'ws')}/rest/push?pushRef=${session.pushRef}`, {
			// n8n refuses other origins than its own.
			headers: { cookie: await session.cookieHeader(), origin: session.url },
		});
		const connection = new PushConnection(socket);
		await once(socket, 'open');
		return connection;
	}

	/**
	 * The first message, past or to come, that `pick` makes something of.
	 *
	 * @throws after `timeoutMs`, naming the messages that did come
	 */
	async find<T>(pick: (message: PushMessage) => T | undefined, timeoutMs: number): Promise<T> {
		return await new Promise((resolve, reject) => {
			const finish = (act: () => void) => {
				clearTimeout(timer);
				this.#listeners.delete(look);
				act();
			};
			const look = () => {
				for (const message of this.#messages) {
					const found = pick(message);
					if (found !== undefined) return finish(() => resolve(found));
				}
			};
			const timer = setTimeout(() => {
				const types = this.#messages.map(({ type }) => type).join(', ');
				finish(() =>
					reject(new Error(`n8n sent nothing of that within ${timeoutMs / 1000} seconds; it sent: ${types}`)),
				);
			}, timeoutMs);
			this.#listeners.add(look);
			look();
		});
	}

	/** Hangs up. */
	close(): void {
		this.socket.terminate();
	}
}
