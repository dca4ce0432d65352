import type { ExecutionError, IDataObject, INodeExecutionData, IRun, ITriggerResponse } from 'n8n-workflow';
import { createEmptyRunExecutionData, WorkflowOperationError } from 'n8n-workflow';

import type { TestN8n } from './TestN8n.mjs';

/**
 * How an execution ends: its status, `undefined` for none (a duplicate), or an error for one that vanished. `workerKilled`
 * is what n8n 2 makes of one whose worker was killed: an unsuccessful run in which no node came to an end.
 */
export type Ending = IRun['status'] | 'workerKilled' | undefined | Error;

/** What becomes of an execution, told its items and its number (from 1); a promise holds it up. */
export type Run = (items: IDataObject[], count: number) => Ending | Promise<Ending>;

/** One call of `emit`. */
export interface Emitted {
	items: IDataObject[];
	deduplicationKey: string | undefined;
}

/** A trigger() that is running. */
export interface RunningTrigger {
	/** What it started, the oldest first. */
	emitted: Emitted[];
	/** What it reported by `emitError`: n8n would deactivate the workflow and try again later. */
	errors: Error[];
	/** What it reported by `saveFailedExecution`. */
	failures: ExecutionError[];
	/** Calls the node's closeFunction, as deactivating and stopping n8n do. */
	close(): Promise<void>;
	/** Calls off what still runs, as a process does that ends: nobody waits for it any more. */
	callOff(): void;
}

/** Activates a workflow whose node has trigger(). By default every execution succeeds at once. */
export async function startTrigger(n8n: TestN8n, run: Run = () => 'success'): Promise<RunningTrigger> {
	const calledOff = new AbortController();
	const running: Omit<RunningTrigger, 'close' | 'callOff'> = { emitted: [], errors: [], failures: [] };
	const { context, save } = n8n.triggerContext('trigger', 'activate', {
		emit(data, _responsePromise, donePromise, deduplicationKey) {
			const items = itemsOf(data);
			running.emitted.push({ items, deduplicationKey });
			// n8n saves static data at each emit, and nobody waits for it.
			save();
			const stop = (): void => donePromise?.reject(new Error('n8n is stopping'));
			calledOff.signal.addEventListener('abort', stop);
			void end(run(items, running.emitted.length))
				.then(
					(outcome) => donePromise?.resolve(outcome),
					(error: Error) => donePromise?.reject(error),
				)
				.finally(() => calledOff.signal.removeEventListener('abort', stop));
		},
		emitError: (error) => void running.errors.push(error),
		saveFailedExecution: (error) => void running.failures.push(error),
	});
	const response = await n8n.workflow.nodeType.trigger?.call(context);
	save();
	return {
		...running,
		close: async () => await response?.closeFunction?.(),
		callOff: () => calledOff.abort(),
	};
}

/**
 * "Test step" in the editor: runs trigger() in manual mode until it emits.
 *
 * @returns the items of what it emits first
 * @throws what it throws, or reports by emitError or saveFailedExecution
 */
export async function testStep(n8n: TestN8n): Promise<IDataObject[]> {
	let response: ITriggerResponse | undefined;
	try {
		return await new Promise((resolve, reject) => {
			const { context } = n8n.triggerContext('manual', 'manual', {
				emit: (data) => resolve(itemsOf(data)),
				emitError: reject,
				saveFailedExecution: reject,
			});
			const start = async (): Promise<void> => {
				response = await n8n.workflow.nodeType.trigger?.call(context);
				await response?.manualTriggerFunction?.();
			};
			start().catch(reject);
		});
	} finally {
		await response?.closeFunction?.();
	}
}

function itemsOf(data: INodeExecutionData[][]): IDataObject[] {
	return data.flat().map(({ json }) => json);
}

/** What `donePromise` is settled with. For a duplicate n8n resolves it with nothing, which its types do not say. */
async function end(ending: Ending | Promise<Ending>): Promise<IRun> {
	const how = await ending;
	if (how instanceof Error) throw how;
	if (how === undefined) return undefined as unknown as IRun;
	const now = new Date();
	const data = createEmptyRunExecutionData();
	const status = how === 'workerKilled' ? 'error' : how;
	if (status === 'error') data.resultData.error = new WorkflowOperationError('The run did not succeed');
	if (how !== 'workerKilled') data.resultData.lastNodeExecuted = 'The Last Node';
	return {
		data,
		mode: 'trigger',
		startedAt: now,
		stoppedAt: now,
		storedAt: 'db',
		status,
		finished: status === 'success',
	};
}
