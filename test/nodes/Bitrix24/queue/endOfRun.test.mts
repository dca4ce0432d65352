import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';
import { createRunExecutionData } from 'n8n-workflow';

import { endOfRun } from '../../../../nodes/Bitrix24/queue/run.js';
import { createDeferredPromise } from '../../../fakes/createDeferredPromise.mjs';

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
