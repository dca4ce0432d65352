import { createRunner } from '../../../../nodes/Bitrix24/queue/run.js';
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
	return { verdict: await run([queuedLead], portal), warnings };
}

describe('createRunner', () => {
	it('starts the workflow with an item for each record', async () => {
		const { context, emitted } = triggerContext();
		await runnerFor(context).run([queuedLead, other], portal);
		expect(emitted).toHaveLength(1);
		expect(emitted[0]?.items).toMatchObject([
			{ leadId: 1000983, portalMemberId: portal.memberId },
			{ leadId: 7, portalMemberId: portal.memberId },
		]);
	});

	it('hands the records on as Bitrix24 names them where the user wants it', async () => {
		const { context, emitted } = triggerContext();
		await runnerFor(context, { simplify: false }).run([other], portal);
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
		[new Error('The workflow can not start'), 'The workflow can not start'],
		['no error at all', 'unknown reason'],
	])('survives when n8n does not start it', async (thrown, reason) => {
		const { context } = triggerContext();
		const emit = () => {
			throw thrown;
		};
		const { run, warnings } = runnerFor({ ...context, emit });
		expect(await run([queuedLead], portal)).toBe('unknown');
		expect(warnings).toEqual([`it is not known how a run ended (${reason}). What was not confirmed comes again.`]);
	});

	it('never uses a key again, for n8n starts no second run with it', async () => {
		const { context, emitted } = triggerContext();
		const { run } = runnerFor(context);
		await run([queuedLead], portal);
		await run([queuedLead], portal);
		await runnerFor(context, { session: 'next session' }).run([queuedLead], portal);
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
			.run([queuedLead], portal)
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
		const running = run([queuedLead], portal);
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
			const begin = () => void run([queuedLead], portal).then((verdict) => verdicts.push(verdict));
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
