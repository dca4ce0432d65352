import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';
import { createRunExecutionData } from 'n8n-workflow';

import { endOfRun } from '../../../../nodes/Bitrix24/queue/endOfRun';
import { createDeferredPromise } from '../../../fakes/createDeferredPromise';

const FAILED = { body: { message: 'Workflow execution failed' }, statusCode: 500 };
const SECOND = 1000;
const HOUR = 3600 * SECOND;

beforeEach(() => jest.useFakeTimers());

function begin(closing = new AbortController()) {
	const done = createDeferredPromise<IRun>();
	const answer = createDeferredPromise<IExecuteResponsePromiseData>();
	const told: string[] = [];
	const endings: string[] = [];
	const tell = (ending: string) => endings.push(ending);
	const telling = {
		info: (message: string) => told.push(`info: ${message}`),
		warn: (message: string) => told.push(`warn: ${message}`),
		report: (error: unknown) => told.push(`report: ${Object(error).message}`),
	};
	void endOfRun({ done: done.promise, answer: answer.promise }, telling, closing.signal).then(tell, ({ message }) =>
		tell(message),
	);
	return {
		closing,
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

	it('leaves no timer and no listener and says nothing when it is over', async () => {
		const closing = new AbortController();
		const added = jest.spyOn(closing.signal, 'addEventListener');
		const removed = jest.spyOn(closing.signal, 'removeEventListener');
		const { ends, answer, told } = begin(closing);
		expect(added).toHaveBeenCalledTimes(1);
		answer.resolve({});
		await jest.advanceTimersByTimeAsync(9 * SECOND);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(jest.getTimerCount()).toBe(0);
		expect(removed.mock.calls).toEqual(added.mock.calls);
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
			/^warn: n8n missed the end of a run that succeeded\. The queue goes on\. In n8n's queue mode, N8N_/,
		],
		['did not succeed', FAILED, 'unknown', /^warn: n8n missed the end of a run that did not succeed\. /],
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
				/^report: The queue has been waiting for 3 hours .* restart n8n, and what was not confirmed comes again\. In n8n's/,
			),
		]);
		expect(endings).toEqual([]);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['succeeded']);
	});

	it('reports nothing any more when the node closes, and leaves no timer, but waits for the run', async () => {
		const { ends, endings, told, closing } = begin();
		await jest.advanceTimersByTimeAsync(SECOND);
		closing.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(jest.getTimerCount()).toBe(0);
		await jest.advanceTimersByTimeAsync(12 * HOUR);
		expect(told).toEqual([]);
		ends('success');
		await jest.advanceTimersByTimeAsync(0);
		expect(endings).toEqual(['succeeded']);
	});

	it('watches no run that is begun while the node closes', async () => {
		const closing = new AbortController();
		closing.abort();
		begin(closing);
		await jest.advanceTimersByTimeAsync(0);
		expect(jest.getTimerCount()).toBe(0);
	});
});
