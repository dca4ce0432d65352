import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';
import { createRunExecutionData, NodeOperationError, WorkflowOperationError } from 'n8n-workflow';

import { createRunner, endOfRun, outcomeOf, outcomeOfResponse } from '../../../../nodes/Bitrix24/queue/run.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const portal = { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: null, status: 'L' };
const other = { ...queuedLead, ID: '29', EVENT_DATA: { FIELDS: { ID: 7 } } };
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A runner of an n8n whose two signs of an end are given by the test, for the run that was started last. */
function runner({ simplify = true, session = 'session', timeout = null as number | null } = {}) {
	const { context } = triggerContext();
	const said: string[] = [];
	const verdicts: string[] = [];
	const started: Array<{ items: unknown[]; key: string | undefined }> = [];
	let signs: { done?: { resolve(run: IRun): void; reject(error: Error): void } } & {
		answer?: { resolve(answer: IExecuteResponsePromiseData): void; reject(error: Error): void };
	} = {};
	const emit: typeof context.emit = ([items = []], answer, done, key) => {
		started.push({ items: items.map(({ json }) => json), key });
		signs = { ...(done && { done }), ...(answer && { answer }) };
	};
	const log = {
		warn: (message: string) => void said.push(`warn: ${message}`),
		info: (message: string) => void said.push(`info: ${message}`),
		report: (error: unknown) => void said.push(`report: ${Object(error).message}`),
	};
	const used = { ...context, emit };
	const run = createRunner(used, { simplify, session, timeout, log });
	return {
		said,
		verdicts,
		started,
		used,
		/** Starts a run. */
		begin(records = [queuedLead]) {
			void run(records, portal, new Map()).then((verdict) => verdicts.push(verdict));
		},
		async ends(end: Partial<IRun> | undefined) {
			const ended = end && { data: createRunExecutionData(), ...end };
			// For a double n8n resolves it with nothing, which its types do not say.
			signs.done?.resolve(ended as IRun);
			await pass(0);
		},
		async fails(error: Error) {
			signs.done?.reject(error);
			await pass(0);
		},
		answers: (answer: IExecuteResponsePromiseData) => signs.answer?.resolve(answer),
		callsOff: () => signs.answer?.reject(new Error('Stopped')),
	};
}

const pass = async (milliseconds: number) => await jest.advanceTimersByTimeAsync(milliseconds);

it('starts the workflow with an item for each record', () => {
	const { begin, started } = runner();
	begin([queuedLead, other]);
	const portalMemberId = portal.memberId;
	const items = [1000983, 7].map((leadId) => expect.objectContaining({ leadId, portalMemberId }));
	expect(started).toEqual([{ items, key: 'session:1' }]);
});

it('hands the records on as Bitrix24 names them where the user wants it', () => {
	const { begin, started } = runner({ simplify: false });
	begin([other]);
	expect(started).toMatchObject([{ items: [other] }]);
});

it('never uses a key again, for n8n starts no second run with it', async () => {
	const world = runner({ session: 'next' });
	for (let count = 0; count < 2; count++) world.begin();
	expect(world.started.map(({ key }) => key)).toEqual(['next:1', 'next:2']);
});

describe('what became of a run', () => {
	const node = {
		id: '1',
		name: 'Report',
		type: 'x',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const ofNode = { error: new NodeOperationError(node, 'No'), lastNodeExecuted: 'Report' };
	const tooManyTimes = { error: new WorkflowOperationError('This execution failed to be processed too many times') };
	const withResult = (result: object) => createRunExecutionData({ resultData: { runData: {}, ...result } });

	it.each<[string, Partial<IRun> | undefined, string]>([
		['a success', { status: 'success' }, 'succeeded'],
		['a pause', { status: 'waiting' }, 'succeeded'],
		['the error of a node', { status: 'error', data: withResult(ofNode) }, 'failed'],
		['an error that n8n says nothing more about', { status: 'error' }, 'failed'],
		['a worker that was killed, or could not begin', { status: 'error', data: withResult(tooManyTimes) }, 'unknown'],
		...(['canceled', 'crashed', 'new', 'running', 'unknown'] as const).map(
			(status): [string, Partial<IRun>, string] => [status, { status }, 'unknown'],
		),
		['a double of another, which n8n does not start', undefined, 'unknown'],
	])('is read from %s', async (_, run, verdict) => {
		const { begin, ends, verdicts, said } = runner();
		begin();
		await pass(0);
		expect(verdicts).toEqual([]);
		await ends(run);
		expect([verdicts, said]).toEqual([[verdict], []]);
		expect(outcomeOf(run && { data: createRunExecutionData(), status: 'new', ...run })).toBe(verdict);
	});

	const notKnown = (reason: string) =>
		`warn: it is not known how a run ended (${reason}). What was not confirmed comes again.`;

	it('is not known where n8n says so', async () => {
		const { begin, fails, verdicts, said } = runner();
		begin();
		await fails(new Error('The execution was cancelled'));
		expect([verdicts, said]).toEqual([['unknown'], [notKnown('The execution was cancelled')]]);
	});

	it('is not known to who waits for the run alone, which n8n called off', async () => {
		const signals = { done: Promise.reject<IRun>(new Error('Called off')), answer: new Promise<never>(() => {}) };
		const log = { warn: jest.fn(), info: jest.fn(), report: jest.fn() };
		await expect(endOfRun(signals, { giveUpAfter: null, reportAfter: null, log })).rejects.toThrow('Called off');
	});

	it.each([
		[new Error('The workflow cannot start'), 'The workflow cannot start'],
		['no error at all', 'unknown reason'],
	])('is not known where n8n does not start it: %s', async (thrown, reason) => {
		const world = runner();
		world.used.emit = () => {
			throw thrown;
		};
		world.begin();
		await pass(0);
		expect([world.verdicts, world.said]).toEqual([['unknown'], [notKnown(reason)]]);
	});
});

describe('an end that n8n misses', () => {
	const failure = { body: { message: 'Workflow execution failed' }, statusCode: 500 };

	it.each([
		['succeeded', {}],
		['failed', failure],
	])('is read from what n8n answers for a run that %s', async (verdict, answer) => {
		const { begin, answers, verdicts, said } = runner();
		begin();
		answers(answer);
		await pass(11 * second);
		expect(verdicts).toEqual([verdict]);
		expect(said).toEqual([
			`warn: n8n missed the end of a run that ${verdict}. The queue goes on. In queue mode of n8n 2, N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED=1000 and N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED=1000 keep n8n from missing an end.`,
		]);
		expect(jest.getTimerCount()).toBe(0);
	});

	it.each([
		['what a node answered in the middle of a run', { body: { ok: true }, headers: {}, statusCode: 200 }],
		['an error that a node answered', { body: { message: 'Not today' }, statusCode: 500 }],
		['a failure that a node answered', { ...failure, statusCode: 404 }],
		['a body that is no object', { ...failure, body: 'Workflow execution failed' }],
		['the same with headers, which a node adds', { ...failure, headers: {} }],
		['another text', { text: 'Hello' }],
		['an answer without a body', { statusCode: 500 }],
		['a text that a node answered', { body: 'Hello' }],
		['none, which was called off', null],
		['no answer', undefined],
	])('is not read from %s', async (_, answer) => {
		const { begin, answers, callsOff, ends, verdicts } = runner();
		begin();
		if (answer === null) callsOff();
		else answers(answer as IExecuteResponsePromiseData);
		await pass(minute);
		expect(verdicts).toEqual([]);
		await ends({ status: 'success' });
		expect(verdicts).toEqual(['succeeded']);
		if (answer !== null) expect(outcomeOfResponse(answer as IExecuteResponsePromiseData)).toBeNull();
	});

	it('is none where the run itself follows its answer, and leaves no timer', async () => {
		const { begin, answers, ends, verdicts, said } = runner({ timeout: 3600 });
		begin();
		answers({});
		await pass(9 * second);
		expect(verdicts).toEqual([]);
		await ends({ status: 'error' });
		expect([verdicts, jest.getTimerCount()]).toEqual([['failed'], 0]);
		await pass(12 * hour);
		expect(said).toEqual([]);
	});
});

describe('where n8n says nothing of an end', () => {
	it('a run gets not much longer than n8n lets it take, and so does each of several in a row', async () => {
		const { begin, verdicts, said } = runner({ timeout: 90 });
		for (const count of [0, 1, 2]) {
			begin();
			await pass(12 * minute - second);
			expect(verdicts).toHaveLength(count);
			await pass(2 * second);
			expect(verdicts).toHaveLength(count + 1);
		}
		expect(new Set(verdicts)).toEqual(new Set(['unknown']));
		const given =
			"warn: n8n said nothing of the end of a run that should have ended by the timeout in the workflow's settings. What was not confirmed comes again.";
		expect(said).toEqual(Array(3).fill(given));
		expect(jest.getTimerCount()).toBe(0);
	});

	it('a run gets as long as it takes where it may take as long as it likes, and is reported once, after three hours', async () => {
		const { begin, ends, verdicts, said } = runner();
		begin();
		await pass(3 * hour - second);
		expect(said).toEqual([]);
		await pass(100 * hour);
		expect(said).toEqual([
			expect.stringMatching(
				/^report: The queue has been waiting for 3 hours for a run to end\. If no run .* restart n8n, and what was not confirmed comes again\. In queue/,
			),
		]);
		expect(verdicts).toEqual([]);
		await ends({ status: 'success' });
		expect([verdicts, said.length]).toEqual([['succeeded'], 1]);
	});

	it('nothing is reported where a run is given up in time', async () => {
		const { begin, verdicts, said } = runner({ timeout: 7200 });
		begin();
		await pass(1_000 * hour);
		expect([verdicts, said.filter((line) => line.startsWith('report'))]).toEqual([['unknown'], []]);
	});
});
