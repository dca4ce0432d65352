import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';
import { NodeOperationError, WorkflowOperationError, createRunExecutionData } from 'n8n-workflow';

import { createRunner, endOfRun, outcomeOf, outcomeOfResponse } from '../../../../nodes/Bitrix24/queue/run.js';
import { createDeferredPromise } from '../../../fakes/createDeferredPromise.mjs';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';
import type { Ending } from '../../../fakes/triggerContext.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const portal = { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: null, status: 'L' };
const other = { ...queuedLead, ID: '29', EVENT_DATA: { FIELDS: { ID: 7 } } };

function runnerFor(
	context: Parameters<typeof createRunner>[0],
	{ simplify = true, session = 'session', timeout = null as number | null } = {},
) {
	const warnings: string[] = [];
	const reports: string[] = [];
	const log = {
		warn: (message: string) => warnings.push(message),
		info: jest.fn(),
		report: (error: unknown) => reports.push(Object(error).message),
	};
	const run = createRunner(context, { simplify, session, timeout, log });
	return { run, warnings, reports };
}

async function runOnce(ending: Ending) {
	const { run, warnings } = runnerFor(triggerContext({ run: () => ending }).context);
	return { verdict: await run([queuedLead], portal, new Map()), warnings };
}

describe('createRunner', () => {
	it('starts the workflow with an item for each record', async () => {
		const { context, emitted } = triggerContext();
		await runnerFor(context).run([queuedLead, other], portal, new Map());
		expect(emitted).toHaveLength(1);
		expect(emitted[0]?.items).toMatchObject([
			{ leadId: 1000983, portalMemberId: portal.memberId },
			{ leadId: 7, portalMemberId: portal.memberId },
		]);
	});

	it('hands the records on as Bitrix24 names them where the user wants it', async () => {
		const { context, emitted } = triggerContext();
		await runnerFor(context, { simplify: false }).run([other], portal, new Map());
		expect(emitted[0]?.items).toEqual([other]);
	});

	it.each([
		['success', 'succeeded'],
		['error', 'failed'],
		['canceled', 'unknown'],
		[undefined, 'unknown'],
	] as const)('tells what became of a run that ended with %s: %s', async (ending, expected) => {
		const { verdict, warnings } = await runOnce(ending);
		expect(verdict).toBe(expected);
		expect(warnings).toEqual([]);
	});

	it('says so when nobody knows how a run ended', async () => {
		const { verdict, warnings } = await runOnce(new Error('The execution was cancelled'));
		expect(verdict).toBe('unknown');
		expect(warnings).toEqual([
			'it is not known how a run ended (The execution was cancelled). What was not confirmed comes again.',
		]);
	});

	it.each([
		[new Error('The workflow cannot start'), 'The workflow cannot start'],
		['no error at all', 'unknown reason'],
	])('survives when n8n does not start it', async (thrown, reason) => {
		const { context } = triggerContext();
		const emit = () => {
			throw thrown;
		};
		const { run, warnings } = runnerFor({ ...context, emit });
		expect(await run([queuedLead], portal, new Map())).toBe('unknown');
		expect(warnings).toEqual([`it is not known how a run ended (${reason}). What was not confirmed comes again.`]);
	});

	it('never uses a key again, for n8n starts no second run with it', async () => {
		const { context, emitted } = triggerContext();
		const { run } = runnerFor(context);
		await run([queuedLead], portal, new Map());
		await run([queuedLead], portal, new Map());
		await runnerFor(context, { session: 'next session' }).run([queuedLead], portal, new Map());
		expect(emitted.map(({ deduplicationKey }) => deduplicationKey)).toEqual([
			'session:1',
			'session:2',
			'next session:1',
		]);
	});

	it('waits for the end of the run', async () => {
		let end: (ending: Ending) => void = () => {};
		const { context } = triggerContext({ run: () => new Promise((resolve) => (end = resolve)) });
		const seen: string[] = [];
		const running = runnerFor(context)
			.run([queuedLead], portal, new Map())
			.then((verdict) => seen.push(verdict));
		await Promise.resolve();
		expect(seen).toEqual([]);
		end('success');
		await running;
		expect(seen).toEqual(['succeeded']);
	});

	it('goes by the answer that n8n gives at the end, where n8n itself misses the end', async () => {
		jest.useFakeTimers();
		const { context } = triggerContext();
		const emit: typeof context.emit = (_data, answer) => answer?.resolve({});
		const { run, warnings } = runnerFor({ ...context, emit });
		const running = run([queuedLead], portal, new Map());
		await jest.runAllTimersAsync();
		expect(await running).toBe('succeeded');
		expect(warnings).toEqual([expect.stringContaining('missed the end')]);
	});

	describe('where n8n says nothing of an end', () => {
		const MINUTE = 60_000;
		beforeEach(() => jest.useFakeTimers());

		function unheard(timeout: number | null) {
			let end: ((ending: Ending) => void) | undefined;
			const { context } = triggerContext({ run: async () => await new Promise((resolve) => (end = resolve)) });
			const verdicts: string[] = [];
			const { run, ...told } = runnerFor(context, { timeout });
			const begin = () => void run([queuedLead], portal, new Map()).then((verdict) => verdicts.push(verdict));
			return { ...told, verdicts, begin, end: (ending: Ending) => end?.(ending) };
		}
		const pass = async (minutes: number) => await jest.advanceTimersByTimeAsync(minutes * MINUTE);

		it('does not wait much longer than n8n lets a run take', async () => {
			const { begin, verdicts, warnings } = unheard(90);
			begin();
			await pass(11.9);
			expect(verdicts).toEqual([]);
			await pass(0.2);
			expect(verdicts).toEqual(['unknown']);
			expect(warnings).toEqual([expect.stringMatching(/^n8n said nothing of the end of a run .* comes again\.$/)]);
		});

		it('gives each of several runs in a row the same time', async () => {
			const { begin, verdicts } = unheard(60);
			for (const count of [0, 1, 2]) {
				begin();
				await pass(10.9);
				expect(verdicts).toHaveLength(count);
				await pass(0.2);
				expect(verdicts).toHaveLength(count + 1);
			}
		});

		it('waits as long as it takes where a run may take as long as it likes, and reports it after three hours', async () => {
			const { begin, verdicts, reports, end } = unheard(null);
			begin();
			await pass(179);
			expect(reports).toEqual([]);
			await pass(2);
			expect(reports).toEqual([expect.stringContaining('3 hours')]);
			await pass(10_000);
			expect(verdicts).toEqual([]);
			end('success');
			await pass(0);
			expect(verdicts).toEqual(['succeeded']);
			expect(reports).toHaveLength(1);
		});

		it('reports nothing where a run is given up in time', async () => {
			const { begin, verdicts, reports } = unheard(7200);
			begin();
			await pass(10_000);
			expect([verdicts, reports]).toEqual([['unknown'], []]);
		});
	});
});

const FAILED = { body: { message: 'Workflow execution failed' }, statusCode: 500 };
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

beforeEach(() => jest.useFakeTimers());

function begin({ giveUpAfter = null as number | null } = {}) {
	const done = createDeferredPromise<IRun>();
	const answer = createDeferredPromise<IExecuteResponsePromiseData>();
	const told: string[] = [];
	const endings: string[] = [];
	const tell = (ending: string) => endings.push(ending);
	const log = {
		info: (message: string) => told.push(`info: ${message}`),
		warn: (message: string) => told.push(`warn: ${message}`),
		report: (error: unknown) => told.push(`report: ${Object(error).message}`),
	};
	void endOfRun({ done: done.promise, answer: answer.promise }, { giveUpAfter, reportAfter: 180, log }).then(
		tell,
		({ message }) => tell(message),
	);
	return {
		told,
		endings,
		answer,
		fails: (error: Error) => done.reject(error),
		ends(status: IRun['status']) {
			const [startedAt, data] = [new Date(0), createRunExecutionData()];
			done.resolve({ status, data, startedAt, mode: 'trigger', storedAt: 'db' });
		},
	};
}

describe('endOfRun', () => {
	it.each([
		['success', 'succeeded'],
		['error', 'failed'],
	] as const)('is what n8n says: %s', async (status, verdict) => {
		const { ends, endings } = begin();
		ends(status);
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual([verdict]);
	});

	it('throws what n8n says of a run whose end it does not know', async () => {
		const { fails, endings } = begin();
		fails(new Error('The execution was cancelled'));
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['The execution was cancelled']);
	});

	it('leaves no timer and says nothing when it is over', async () => {
		const { ends, answer, told } = begin({ giveUpAfter: 60 });
		answer.resolve({});
		await jest.advanceTimersByTimeAsync(9 * SECOND);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(jest.getTimerCount()).toBe(0);
		await jest.advanceTimersByTimeAsync(12 * HOUR);
		expect(told).toEqual([]);
	});

	it('goes by the run, where the answer comes a moment before it', async () => {
		const { ends, answer, endings } = begin();
		answer.resolve({});
		await jest.advanceTimersByTimeAsync(9 * SECOND);
		expect(endings).toEqual([]);
		ends('error');
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['failed']);
	});

	it.each([
		[
			'succeeded',
			{},
			'succeeded',
			/^warn: n8n missed the end of a run that succeeded\. The queue goes on\. In queue mode of n8n 2, N8N_/,
		],
		['failed', FAILED, 'failed', /^warn: n8n missed the end of a run that failed\. /],
	])('goes by the answer of a run that %s, where n8n misses its end', async (_, given, verdict, said) => {
		const { answer, endings, told } = begin();
		answer.resolve(given);
		await jest.advanceTimersByTimeAsync(11 * SECOND);
		expect(endings).toEqual([verdict]);
		expect(told).toEqual([expect.stringMatching(said)]);
		expect(jest.getTimerCount()).toBe(0);
	});

	it.each([
		[
			'a node of the workflow answers',
			(answer: ReturnType<typeof begin>['answer']) => answer.resolve({ body: 'Hello' }),
		],
		['the answer is called off', (answer: ReturnType<typeof begin>['answer']) => answer.reject(new Error('Stopped'))],
	])('goes on waiting when %s', async (_, happens) => {
		const { answer, ends, endings } = begin();
		happens(answer);
		await jest.advanceTimersByTimeAsync(60 * SECOND);
		expect(endings).toEqual([]);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['succeeded']);
	});

	it('reports once, after three hours, that the queue waits for a run, and goes on waiting', async () => {
		const { ends, endings, told } = begin();
		await jest.advanceTimersByTimeAsync(3 * HOUR - SECOND);
		expect(told).toEqual([]);
		await jest.advanceTimersByTimeAsync(2 * SECOND);
		expect(told).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(9 * HOUR);
		expect(told).toEqual([
			expect.stringMatching(
				/^report: The queue has been waiting for 3 hours .* restart n8n, and what was not confirmed comes again\. In queue/,
			),
		]);
		expect(endings).toEqual([]);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['succeeded']);
	});

	it('gives up a run of which nothing is heard, where that is wanted', async () => {
		const { endings, told } = begin({ giveUpAfter: 12 });
		await jest.advanceTimersByTimeAsync(12 * MINUTE - SECOND);
		expect(endings).toEqual([]);
		await jest.advanceTimersByTimeAsync(2 * SECOND);
		expect(endings).toEqual(['timedOut']);
		expect(told).toEqual([]);
		expect(jest.getTimerCount()).toBe(0);
	});
});

const data = createRunExecutionData();

describe('outcomeOf', () => {
	it.each(['success', 'waiting'] as const)('takes %s for a success', (status) => {
		expect(outcomeOf({ status, data })).toBe('succeeded');
	});

	it('takes the error of a node for a failure', () => {
		const node = {
			id: '1',
			name: 'Report',
			type: 'x',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const resultData = { runData: {}, error: new NodeOperationError(node, 'No'), lastNodeExecuted: 'Report' };
		expect(outcomeOf({ status: 'error', data: createRunExecutionData({ resultData }) })).toBe('failed');
	});

	it('takes an error for a failure that n8n says nothing more about', () => {
		expect(outcomeOf({ status: 'error', data })).toBe('failed');
	});

	it('concludes nothing from the error of a run whose worker was killed, or could not begin it', () => {
		const resultData = {
			runData: {},
			error: new WorkflowOperationError('This execution failed to be processed too many times'),
		};
		expect(outcomeOf({ status: 'error', data: createRunExecutionData({ resultData }) })).toBe('unknown');
	});

	it.each(['canceled', 'crashed', 'new', 'running', 'unknown'] as const)(
		'concludes nothing from %s, which does not speak against the events',
		(status) => {
			expect(outcomeOf({ status, data })).toBe('unknown');
		},
	);

	it('concludes nothing from a run that n8n took for a double and did not start', () => {
		expect(outcomeOf(undefined)).toBe('unknown');
	});
});

describe('outcomeOfResponse', () => {
	it.each([
		['nothing at all, which n8n answers for a successful run', {}, 'succeeded'],
		['what n8n answers for another run', { body: { message: 'Workflow execution failed' }, statusCode: 500 }, 'failed'],
		['what a node answered in the middle of a run', { body: { ok: true }, headers: {}, statusCode: 200 }, null],
		['an error that a node answered', { body: { message: 'Not today' }, headers: {}, statusCode: 500 }, null],
		['a failure that a node answered', { body: { message: 'Workflow execution failed' }, statusCode: 404 }, null],
		['a body that is no object', { body: 'Workflow execution failed', statusCode: 500 }, null],
		[
			'the same with headers, which a node adds',
			{ body: { message: 'Workflow execution failed' }, headers: {}, statusCode: 500 },
			null,
		],
		['another text', { text: 'Hello' }, null],
		['an answer without a body', { statusCode: 500 }, null],
		['no answer', undefined, null],
	])('reads %s', (_, answer, expected) => {
		expect(outcomeOfResponse(answer)).toBe(expected);
	});
});
