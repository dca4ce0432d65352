import { parse } from 'flatted';
import pWaitFor from 'p-wait-for';
import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';

const summary = z.object({
	id: z.string(),
	workflowId: z.string(),
	status: z.string(),
	mode: z.string(),
	startedAt: z.string().nullish(),
	stoppedAt: z.string().nullish(),
});

const item = z.object({ json: z.record(z.unknown()) });

const nodeRun = z.object({
	data: z.object({ main: z.array(z.array(item).nullish()) }).optional(),
	error: z.object({ message: z.string() }).optional(),
});

const runData = z.object({
	resultData: z.object({
		runData: z.record(z.array(nodeRun)).default({}),
		error: z.object({ message: z.string() }).optional(),
		lastNodeExecuted: z.string().optional(),
	}),
});

/** An execution as n8n lists it. `status`: new, running, waiting, success, error, crashed, canceled, unknown. */
export type ExecutionSummary = z.infer<typeof summary>;

/** An execution with what its nodes put out. */
export interface Execution extends ExecutionSummary {
	data: z.infer<typeof runData>;
	/** The first run's items of a node's first output: `[]` when the node has not run or put out nothing. */
	itemsOf(nodeName: string): Array<Record<string, unknown>>;
	/** Why it ended unsuccessfully, in n8n's words. */
	error: string | undefined;
}

const UNFINISHED = new Set(['new', 'running']);
const POLL_MS = 100;
/** The most that n8n gives in one answer. */
const PAGE = 100;

/** n8n 1.x has no cursor: there the next page begins below the last execution of this one. */
const listing = z.object({ results: z.array(summary), nextCursor: z.string().nullish() });

function nextPage({ results, nextCursor }: z.infer<typeof listing>): Record<string, string> | null {
	if (nextCursor !== undefined) return nextCursor === null ? null : { cursor: nextCursor };
	const last = results.at(-1);
	return last === undefined || results.length < PAGE ? null : { lastId: last.id };
}

/**
 * Every execution of a workflow, newest first, those of tests included. Beyond the first hundred n8n may leave some out
 * where several processes run them: it sorts by start and turns the page by id. `countExecutions` counts them all.
 */
export async function executions(
	session: N8nSession,
	workflowId: string,
	{ status }: { status?: string } = {},
): Promise<ExecutionSummary[]> {
	const filter = JSON.stringify({ workflowId, ...(status === undefined ? {} : { status: [status] }) });
	const all: ExecutionSummary[] = [];
	let position: Record<string, string> | null = {};
	while (position !== null) {
		const query = new URLSearchParams({ filter, limit: String(PAGE), ...position });
		const page: z.infer<typeof listing> = await session.get(`/rest/executions?${query}`, listing);
		all.push(...page.results);
		position = nextPage(page);
	}
	return all;
}

/** How many executions of a workflow are in one of these states, by n8n's own count. */
export async function countExecutions(
	session: N8nSession,
	workflowId: string,
	status: readonly string[],
): Promise<number> {
	const query = new URLSearchParams({ filter: JSON.stringify({ workflowId, status }), limit: '1' });
	return (await session.get(`/rest/executions?${query}`, z.object({ count: z.number() }))).count;
}

/** One execution with its data, which n8n sends "flatted" (an array in which objects refer to each other by index). */
export async function execution(session: N8nSession, id: string): Promise<Execution> {
	const answer = await session.get(
		`/rest/executions/${encodeURIComponent(id)}`,
		summary.extend({ data: z.string().transform((flat): unknown => parse(flat)) }),
	);
	const data = runData.parse(answer.data);
	return {
		...answer,
		data,
		itemsOf: (nodeName) => (data.resultData.runData[nodeName]?.[0]?.data?.main[0] ?? []).map(({ json }) => json),
		error: data.resultData.error?.message,
	};
}

/**
 * Waits until at least `count` executions of a workflow have come to an end (or to a Wait node).
 *
 * @returns all that have, oldest first, with their data
 * @throws after `timeoutMs`, telling what was there by then
 */
export async function waitForExecutions(
	session: N8nSession,
	workflowId: string,
	count: number,
	timeoutMs: number,
): Promise<Execution[]> {
	const deadline = Date.now() + timeoutMs;
	const look = async () => {
		const seen = await executions(session, workflowId);
		const ended = seen.filter(({ status }) => !UNFINISHED.has(status));
		if (ended.length >= count) return pWaitFor.resolveWith(ended.reverse());
		if (Date.now() <= deadline) return false;
		const found = seen.map(({ id, status }) => `${id} ${status}`).join(', ') || 'none';
		throw new Error(`${count} executions were expected within ${timeoutMs / 1000} seconds; there are ${found}`);
	};
	const ended = await pWaitFor(look, { interval: POLL_MS });
	return await Promise.all(ended.map(async ({ id }) => await execution(session, id)));
}

/**
 * Runs an execution that ended unsuccessfully again, from the node at which it did, as the list of executions offers it.
 *
 * @returns how that ended
 */
export async function retryExecution(
	session: N8nSession,
	id: string,
): Promise<Pick<ExecutionSummary, 'id' | 'status'>> {
	const answer = await session.send('POST', `/rest/executions/${encodeURIComponent(id)}/retry`, {
		loadWorkflow: false,
	});
	return summary.pick({ id: true, status: true }).parse(answer);
}
