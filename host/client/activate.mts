import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { N8nRequestError } from './N8nRequestError.mjs';
import type { N8nSession } from './N8nSession.mjs';

/** What became of an activation: of a refusal n8n keeps the message and nothing else. */
export type ActivationOutcome = { active: true } | { active: false; message: string };

const POLL_MS = 100;
/** n8n itself gives up on a publication after a minute and a half. */
const PATIENCE_MS = 120_000;

const workflowVersion = z.object({ versionId: z.string() });

const publication = z.object({
	status: z.enum(['in_progress', 'not_published', 'published', 'partial', 'failed']),
	triggers: z.array(z.object({ status: z.string(), errorMessage: z.string().nullish() })),
});

type Publication = z.infer<typeof publication>;

/** undefined where n8n publishes as it did before 2.41, at once: it is done when it answers. */
async function publicationStatus(session: N8nSession, workflowId: string): Promise<Publication | undefined> {
	try {
		return await session.get(`/rest/workflows/${workflowId}/publication-status`, publication);
	} catch (error) {
		if (error instanceof N8nRequestError && error.status === 404) return undefined;
		throw error;
	}
}

/** n8n works on publications in the background: waits for the first status that `settled` accepts. */
async function waitForPublication(
	session: N8nSession,
	workflowId: string,
	settled: (publication: Publication) => boolean,
): Promise<Publication | undefined> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const current = await publicationStatus(session, workflowId);
		if (current === undefined || settled(current)) return current;
		if (Date.now() > deadline) {
			throw new Error(`n8n has not finished with workflow ${workflowId} after ${PATIENCE_MS / 1000} seconds`);
		}
		await sleep(POLL_MS);
	}
}

function message(outcome: Publication): string {
	const messages = outcome.triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
	return messages.length > 0 ? messages.join('\n') : `The publication ended as "${outcome.status}"`;
}

/**
 * Activates ("publishes") the workflow's newest version and waits for n8n's verdict. A refusal takes some 16 seconds:
 * n8n tries five times.
 */
export async function activate(session: N8nSession, workflowId: string): Promise<ActivationOutcome> {
	const { versionId } = await session.get(`/rest/workflows/${workflowId}`, workflowVersion);
	try {
		await session.send('POST', `/rest/workflows/${workflowId}/activate`, { versionId });
	} catch (error) {
		if (error instanceof N8nRequestError && error.status < 500) return { active: false, message: error.answer };
		throw error;
	}
	const outcome = await waitForPublication(
		session,
		workflowId,
		({ status }) => status !== 'in_progress' && status !== 'not_published',
	);
	if (outcome === undefined || outcome.status === 'published') return { active: true };
	return { active: false, message: message(outcome) };
}

/** Deactivates the workflow and waits until n8n has taken its triggers down. Harmless when it is not active. */
export async function deactivate(session: N8nSession, workflowId: string): Promise<void> {
	await session.send('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	await waitForPublication(session, workflowId, ({ status }) => status !== 'in_progress' && status !== 'published');
}
