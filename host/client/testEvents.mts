import { once } from 'node:events';

import pWaitFor from 'p-wait-for';
import { WebSocket } from 'ws';
import { z } from 'zod';

import { execution, type Execution } from './executions.mjs';
import type { N8nSession } from './N8nSession.mjs';

/** A click on "Listen for test event" (or "Execute step") that is under way. */
export interface TestListening {
	/** True for webhooks: n8n now waits two minutes for one delivery. False when it has started an execution at once. */
	readonly waitingForWebhook: boolean;
	/** Waits for the execution that the test event starts, and for its end. */
	received(timeoutMs?: number): Promise<Execution>;
	/** Stops listening, as a second click does: n8n takes the webhook down. Harmless when it is over. */
	stop(): Promise<void>;
}

const run = z.object({ waitingForWebhook: z.literal(true).optional(), executionId: z.string().optional() });
const progress = z.object({ executionId: z.string(), workflowId: z.string().optional() });

/**
 * Runs the saved workflow from the given trigger as the editor's test button does. The push line is opened first, as
 * the editor has it: it is how n8n tells which execution the event has started.
 *
 * @throws {N8nRequestError} when the trigger refuses, with its message
 */
export async function listenForTestEvent(
	session: N8nSession,
	workflowId: string,
	triggerNodeName: string,
): Promise<TestListening> {
	// n8n 1.x runs what it is sent, n8n 2 what it has saved.
	const workflowData = await session.send('GET', `/rest/workflows/${workflowId}`);
	const push = await PushConnection.open(session);
	const started = await session
		.send('POST', `/rest/workflows/${workflowId}/run`, { workflowData, triggerToStartFrom: { name: triggerNodeName } })
		.then((answer) => run.parse(answer))
		.catch((error: unknown) => {
			push.close();
			throw error;
		});

	return {
		waitingForWebhook: started.waitingForWebhook === true,
		async received(timeoutMs = 30_000) {
			const id =
				started.executionId ??
				(await push.executionOf('testWebhookReceived', (received) => received.workflowId === workflowId, timeoutMs));
			await push.executionOf('executionFinished', (finished) => finished.executionId === id, timeoutMs);
			push.close();
			return await execution(session, id);
		},
		async stop() {
			push.close();
			await session.send('DELETE', `/rest/test-webhook/${workflowId}`);
		},
	};
}

const pushMessage = z.object({ type: z.string(), data: z.unknown() });
const POLL_MS = 20;

/** n8n's line to one window of the editor. Messages that came before they are asked for are kept. */
class PushConnection {
	readonly #messages: Array<z.infer<typeof pushMessage>> = [];

	private constructor(readonly socket: WebSocket) {
		socket.on('message', (bytes: Buffer) => {
			const message = pushMessage.safeParse(JSON.parse(bytes.toString('utf8')));
			if (message.success) this.#messages.push(message.data);
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
	 * The execution of the first message of this type, past or to come, that fits.
	 *
	 * @throws after `timeoutMs`, naming the messages that did come
	 */
	async executionOf(
		type: 'testWebhookReceived' | 'executionFinished',
		fits: (execution: z.infer<typeof progress>) => boolean,
		timeoutMs: number,
	): Promise<string> {
		const deadline = Date.now() + timeoutMs;
		const look = () => {
			const told = this.#messages
				.filter((message) => message.type === type)
				.map(({ data }) => progress.safeParse(data));
			const found = told.find(({ data }) => data !== undefined && fits(data));
			if (found?.data !== undefined) return pWaitFor.resolveWith(found.data.executionId);
			if (Date.now() <= deadline) return false;
			const types = this.#messages.map((message) => message.type).join(', ');
			throw new Error(`n8n did not send ${type} within ${timeoutMs / 1000} seconds; it sent: ${types}`);
		};
		return await pWaitFor(look, { interval: POLL_MS });
	}

	/** Hangs up. */
	close(): void {
		this.socket.terminate();
	}
}
