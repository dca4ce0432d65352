import { createRunner } from '../../../../nodes/Bitrix24/queue/createRunner';
import type { Ending } from '../../../fakes/triggerContext';
import { queuedLead } from '../../../fakes/queuedRecord';
import { triggerContext } from '../../../fakes/triggerContext';

const portal = { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: null, status: 'L' };
const other = { ...queuedLead, ID: '29', EVENT_DATA: { FIELDS: { ID: 7 } } };

async function runOnce(ending: Ending) {
	const trigger = triggerContext({ run: () => ending });
	const verdict = await createRunner(trigger.context, true, 'session')([queuedLead], portal);
	return { ...trigger, verdict };
}

describe('createRunner', () => {
	it('starts the workflow with an item for each record', async () => {
		const { context, emitted } = triggerContext();
		await createRunner(context, true, 'session')([queuedLead, other], portal);
		expect(emitted).toHaveLength(1);
		expect(emitted[0]?.items).toMatchObject([
			{ leadId: 1000983, portalMemberId: portal.memberId },
			{ leadId: 7, portalMemberId: portal.memberId },
		]);
	});

	it('hands the records on as Bitrix24 names them where the user wants it', async () => {
		const { context, emitted } = triggerContext();
		await createRunner(context, false, 'session')([other], portal);
		expect(emitted[0]?.items).toEqual([other]);
	});

	it.each([
		['success', 'succeeded'],
		['error', 'failed'],
		['canceled', 'unknown'],
		[undefined, 'unknown'],
	] as const)('tells what became of a run that ended with %s: %s', async (ending, expected) => {
		const { verdict, log } = await runOnce(ending);
		expect(verdict).toBe(expected);
		expect(log).toEqual([]);
	});

	it('says so when nobody knows how a run ended', async () => {
		const { verdict, log } = await runOnce(new Error('The execution was cancelled'));
		expect(verdict).toBe('unknown');
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger does not know how a run ended (The execution was cancelled). Its events come again.',
		]);
	});

	it.each([
		[new Error('The workflow can not start'), 'The workflow can not start'],
		['no error at all', 'unknown reason'],
	])('survives when n8n does not start it', async (thrown, reason) => {
		const { context, log } = triggerContext();
		const emit = () => {
			throw thrown;
		};
		expect(await createRunner({ ...context, emit }, true, 'session')([queuedLead], portal)).toBe('unknown');
		expect(log).toEqual([
			`warn: Bitrix24 Queue Trigger does not know how a run ended (${reason}). Its events come again.`,
		]);
	});

	it('never uses a key again, for n8n starts no second run with it', async () => {
		const { context, emitted } = triggerContext();
		const run = createRunner(context, true, 'session');
		await run([queuedLead], portal);
		await run([queuedLead], portal);
		await createRunner(context, true, 'next session')([queuedLead], portal);
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
		const running = createRunner(context, true, 'session')([queuedLead], portal).then((verdict) => seen.push(verdict));
		await Promise.resolve();
		expect(seen).toEqual([]);
		end('success');
		await running;
		expect(seen).toEqual(['succeeded']);
	});
});
