import { z } from 'zod';

import { execution, type Execution } from './executions.mjs';
import type { N8nSession } from './N8nSession.mjs';
import { PushConnection } from './PushConnection.mjs';

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

/** Stops listening for test events of a workflow. Harmless when nothing listens. */
export async function stopListening(session: N8nSession, workflowId: string): Promise<void> {
	await session.send('DELETE', `/rest/test-webhook/${workflowId}`);
}

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

	const startedBy = async (timeoutMs: number): Promise<string> =>
		started.executionId ??
		(await push.find(({ type, data }) => {
			const received = progress.safeParse(data);
			return type === 'testWebhookReceived' && received.success && received.data.workflowId === workflowId
				? received.data.executionId
				: undefined;
		}, timeoutMs));

	return {
		waitingForWebhook: started.waitingForWebhook === true,
		async received(timeoutMs = 30_000) {
			const id = await startedBy(timeoutMs);
			await push.find(({ type, data }) => {
				const finished = progress.safeParse(data);
				return type === 'executionFinished' && finished.success && finished.data.executionId === id ? id : undefined;
			}, timeoutMs);
			push.close();
			return await execution(session, id);
		},
		async stop() {
			push.close();
			await stopListening(session, workflowId);
		},
	};
}
