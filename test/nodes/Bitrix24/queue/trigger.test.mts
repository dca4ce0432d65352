import { NodeOperationError } from 'n8n-workflow';

import { stopCollecting, trigger } from '../../../../nodes/Bitrix24/queue/trigger.js';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import type { Ending } from '../../../fakes/triggerContext.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';
import { pass } from './queueWorld.mjs';

/** Where the queue of the workflow lies. */
const own = { connector: 'n8n_workflow-1_node-1' };
const open = new Set<() => Promise<void>>();
beforeEach(() => jest.useFakeTimers());
afterEach(async () => {
	for (const close of open) await close();
	jest.useRealTimers();
});

/** An active workflow, which has looked at its queue once; it is closed after the test. */
async function active(given: Parameters<typeof triggerContext>[0] = {}, intervals?: { subscriptionMs: number }) {
	const fake = triggerContext(given);
	const opening = trigger(fake.context, intervals);
	let isOpen = false;
	void opening.catch(() => undefined).then(() => (isOpen = true));
	// A second trigger may have to wait for the portal's rate.
	for (await pass(0); !isOpen; ) await pass(100);
	const { closeFunction } = await opening;
	const close = async () => {
		open.delete(close);
		await closeFunction?.();
	};
	open.add(close);
	await pass(0);
	return { ...fake, close };
}

describe('an active workflow', () => {
	it('does as its form says', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8, 9], { connector: 'leads' });
		const parameters = {
			simplify: false,
			checkEvery: 60,
			batchSize: 2,
			execution: 'perEvent',
			acknowledge: 'afterFinish',
			options: { queueName: 'leads' },
		};
		const { emitted } = await active({ portal, parameters, run: () => 'error' });
		expect(emitted.map(({ items }) => items)).toMatchObject([[{ ID: '1' }], [{ ID: '2' }], [{ ID: '3' }]]);
		expect(portal.callsOf('event.offline.get').map(({ limit }) => limit)).toEqual([2, 2]);
		expect(portal.records()).toEqual([]);
		portal.queue([10], { connector: 'leads' });
		await pass(59_000);
		expect(emitted).toHaveLength(3);
		await pass(1_000);
		expect(emitted).toHaveLength(4);
	});

	it.each([
		['one minute', { executionTimeout: 60 }, 2],
		['none', { executionTimeout: -1 }, 1],
		['not set', {}, 1],
	])("goes by the timeout in the workflow's settings, where n8n tells no end: %s", async (_, settings, runs) => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const endings: Array<(ending: Ending) => void> = [];
		const run = async () => await new Promise<Ending>((resolve) => endings.push(resolve));
		const { emitted } = await active({ portal, settings, run });
		await pass(20 * 60_000);
		expect(emitted).toHaveLength(runs);
		// What is still running would be taken for running in the tests that follow.
		for (const end of endings) end('success');
		await pass(0);
	});

	it('names a record that it puts aside, and how to take it up again', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { log } = await active({ portal, parameters: { options: { maxAttempts: 2 } }, run: () => 'error' });
		await pass(30_000);
		expect(portal.records()).toMatchObject([{ ID: '1', ERROR: '1' }]);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: ONCRMLEADDELETE (record 1, message a6c72740511b35b2971ae512cf43434b) was put aside: the workflow did not succeed with it. It comes back when the same object changes again, and the option "Retry Errors" takes it up again at the next activation.',
		]);
	});

	it('never uses the key of an execution again, not even after the next activation', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8], own);
		const parameters = { execution: 'perEvent' };
		const first = await active({ portal, parameters, run: () => 'canceled' });
		await first.close();
		const second = await active({ portal, parameters });
		await pass(60_000);
		const keys = [...first.emitted, ...second.emitted].map(({ deduplicationKey }) => deduplicationKey ?? '');
		expect(new Set(keys).size).toBe(4);
		expect(keys.filter((key) => !/^[0-9a-f]{32}:[12]$/.test(key))).toEqual([]);
	});
});

describe('an activation that is refused', () => {
	it.each(['activate', 'create'] as const)(
		'says everything in its message, and reads nothing: %s',
		async (activation) => {
			const portal = simulatedPortal();
			portal.simulator.app.installed = false;
			const { context, emitted } = triggerContext({ portal, activation });
			const refusal = await trigger(context).catch((error: unknown) => error);
			expect(refusal).toBeInstanceOf(NodeOperationError);
			expect(String(refusal)).toContain('is not complete, so Bitrix24 sends it no events. In Bitrix24, open');
			await pass(60_000);
			expect(emitted).toEqual([]);
			expect(portal.callsOf('event.offline.get')).toEqual([]);
		},
	);

	it('does not keep a person waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', new Error('read ECONNRESET'));
		const refusal = expect(trigger(triggerContext({ portal }).context)).rejects.toThrow('Bitrix24 did not answer');
		await pass(5_000);
		await refusal;
		expect(portal.calls).toHaveLength(3);
	});
});

describe('a start that nobody waits for', () => {
	const byItself = ['init', 'leadershipChange', 'update'] as const;

	it.each(byItself)('goes on when the portal is back: %s', async (activation) => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		portal.answers.set('feature.get', new Error('connect ECONNREFUSED'));
		const { emitted, failures, log } = await active({ portal, activation });
		await pass(120_000);
		expect(failures).toEqual([]);
		expect(log).toEqual([expect.stringMatching(/^warn: .*Bitrix24 did not answer/)]);
		portal.answers.clear();
		await pass(120_000);
		expect(emitted).toHaveLength(1);
	});

	it('is reported once when access is refused for ten minutes', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', refused(401, 'NO_AUTH_FOUND', ''));
		const { failures } = await active({ portal, activation: 'init' });
		await pass(590_000);
		expect(failures).toEqual([]);
		await pass(600_000);
		expect(failures).toEqual([expect.stringContaining('Bitrix24 no longer accepts this connection')]);
	});

	it.each([
		['update', 1],
		['init', 0],
	] as const)('takes effect at once where a person has changed the workflow: %s', async (activation, collected) => {
		const portal = simulatedPortal();
		const { closeFunction } = await trigger(triggerContext({ portal, activation }).context);
		expect(portal.handlers()).toHaveLength(collected);
		await closeFunction?.();
	});

	it('takes the known events where the portal does not know one, reports that after ten minutes, and says when it is over', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const parameters = { events: ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_7'] };
		const { emitted, failures, log } = await active({ portal, parameters, activation: 'init' });
		expect(emitted).toHaveLength(1);
		await pass(599_000);
		expect(failures).toEqual([]);
		await pass(2_000);
		const unknown = expect.stringContaining('This portal does not know ONCRMDYNAMICITEMADD_7.');
		expect(failures).toEqual([unknown]);
		await pass(1_200_000);
		expect([failures, log]).toEqual([[unknown], [unknown, unknown]]);
		portal.simulator.events.push('ONCRMDYNAMICITEMADD_7');
		await pass(540_000);
		expect(log.at(-1)).toMatch(/^info: .*knows all selected events again/);
		expect(portal.handlers()).toHaveLength(2);
	});

	it('says it anew where the portal knows still less', async () => {
		const events = ['ONCRMLEADDELETE', 'ONCRMLEADADD'];
		const { portal, log } = await active({ parameters: { events } });
		for (const left of ['ONCRMLEADDELETE', 'ONCRMDEALADD']) {
			portal.simulator.events = [left];
			await pass(540_000);
		}
		const warned = log.filter((line) => line.startsWith('warn'));
		expect(warned).toEqual([
			expect.stringContaining('does not know ONCRMLEADADD.'),
			expect.stringContaining('does not know ONCRMLEADDELETE, ONCRMLEADADD.'),
		]);
	});

	it('is refused without an event, which only a change of the workflow mends', async () => {
		const { context } = triggerContext({ parameters: { events: [] }, activation: 'init' });
		await expect(trigger(context)).rejects.toThrow('No event is selected.');
	});
});

describe('a portal that stops collecting', () => {
	const lost = (from: string, to: string) =>
		expect.stringMatching(
			new RegExp(
				`^Bitrix24 had stopped collecting ONCRMLEADDELETE .* between ${from} UTC, .* and ${to} UTC may be missing\\. Look in`,
			),
		);
	beforeEach(() => jest.setSystemTime(new Date('2026-11-27T09:00:00Z')));

	it('is noticed within ten minutes, whatever runs meanwhile: it collects again, and one failed execution names the time', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		let end: (status: 'success') => void = () => {};
		const run = async () => await new Promise<'success'>((resolve) => (end = resolve));
		const { failures, log } = await active({ portal, parameters: { checkEvery: 3600 }, run });
		await pass(550_000);
		portal.simulator.reinstallApp();
		expect(failures).toEqual([]);
		await pass(540_000);
		expect(portal.handlers()).toHaveLength(1);
		const said = lost('2026-11-27 09:09:00', '2026-11-27 09:18:00');
		expect([failures, log]).toEqual([[said], [expect.stringContaining('error: ')]]);
		await pass(1_200_000);
		expect(failures).toHaveLength(1);
		end('success');
		await pass(0);
	});

	it('is looked at as often as a parameter says, and sooner again where the portal did not answer', async () => {
		const { portal, failures } = await active({}, { subscriptionMs: 9_000 });
		portal.calls.length = 0;
		await pass(9_000);
		expect(portal.callsOf('event.get')).toHaveLength(1);
		portal.simulator.reinstallApp();
		portal.answers.set('event.get', refused(403, 'ACCESS_DENIED', ''));
		await pass(9_000);
		portal.answers.clear();
		expect(failures).toEqual([]);
		await pass(1_000);
		expect(failures).toHaveLength(1);
	});

	it('is noticed by the next trigger, too, and by the next set-up after an outage', async () => {
		const { portal, close } = await active();
		portal.simulator.reinstallApp();
		await close();
		const { failures } = await active({ portal });
		expect(failures).toHaveLength(1);
		portal.simulator.reinstallApp();
		portal.answers.set('event.offline.get', refused(503, 'OVERLOAD_LIMIT', ''));
		await pass(60_000);
		portal.answers.clear();
		await pass(60_000);
		expect(failures).toHaveLength(2);
	});

	it('is no news of events that were not selected before, nor where the trigger has stopped it itself', async () => {
		const options = { whenStopped: 'unsubscribe' };
		const { portal, close } = await active({ parameters: { options } });
		await close();
		expect(portal.handlers()).toEqual([]);
		const { failures, close: closeAgain } = await active({ portal });
		await closeAgain();
		const more = await active({ portal, parameters: { events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'] } });
		expect([failures, more.failures]).toEqual([[], []]);
	});

	it('is not looked at any more once the trigger is closed, which forgets nothing where it was not set up', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', new Error('connect ECONNREFUSED'));
		const options = { whenStopped: 'unsubscribe' };
		const { close } = await active({ portal, parameters: { options }, activation: 'init' });
		await pass(540_000);
		portal.answers.clear();
		portal.calls.length = 0;
		const closing = close();
		await pass(10_000);
		await closing;
		await pass(1_200_000);
		expect(portal.callsOf('event.bind')).toEqual([]);
	});
});

describe('what a trigger says of records', () => {
	const row = { ID: '9', EVENT_NAME: 'ONCRMLEADDELETE', MESSAGE_ID: null };
	const without = 'without an id';

	it.each([
		[
			'afterSuccess',
			{ ...row, EVENT_NAME: null, MESSAGE_ID: 'ab' },
			'unnamed event (record 9, message ab). It was put aside in Bitrix24.',
		],
		[
			'afterSuccess',
			row,
			`ONCRMLEADDELETE (record 9, message ${without}). It stays reserved in Bitrix24, and is left alone.`,
		],
		[
			'onReceipt',
			null,
			`unnamed event (record ${without}, message ${without}). Bitrix24 has handed it out for good, and no run gets it.`,
		],
	])('is said of those in an unknown form (%s, %j)', async (acknowledge, strange, said) => {
		const portal = simulatedPortal();
		portal.answers.set('event.offline.get', result({ process_id: 'p', events: [strange] }));
		portal.answers.set('event.offline.error', result(true));
		const { log } = await active({ portal, parameters: { acknowledge } });
		expect(log).toEqual([
			`warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: a record of the queue is not in the form that Bitrix24 documents: ${said} Everything else goes on.`,
		]);
	});

	it('names a failed one that is given up for a newer one', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const run = () => {
			portal.queue([7], own);
			return 'error' as const;
		};
		const { log } = await active({ portal, run, parameters: { options: { maxAttempts: 1 } } });
		expect(log).toEqual([expect.stringMatching(/record 1, .* is given up: .* A newer event of the same object waits/)]);
	});

	it('reports runs of which nothing is known, after the third', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { failures, emitted } = await active({ portal, run: () => 'canceled' });
		await pass(120_000);
		expect([emitted.length, failures]).toEqual([2, []]);
		await pass(7_200_000);
		expect(failures).toEqual([
			expect.stringMatching(
				/^The workflow was started 3 times with ONCRMLEADDELETE .* less often\. Look at the last executions of this workflow\. /,
			),
		]);
	});
});

it('lets attempts and pauses outlive the saving of the workflow', async () => {
	const portal = simulatedPortal();
	portal.queue([7], own);
	const parameters = { options: { maxAttempts: 2 } };
	const first = await active({ portal, parameters, run: () => 'error' });
	await first.close();
	const second = await active({ portal, parameters, run: () => 'error' });
	expect(second.emitted).toEqual([]);
	await pass(60_000);
	expect(second.emitted).toHaveLength(1);
	expect(portal.records()).toMatchObject([{ ERROR: '1' }]);
});

it.each([-86_400_000, 86_400_000])('is not disturbed by a clock that steps by %p', async (step) => {
	const portal = simulatedPortal();
	portal.queue([7], own);
	const { emitted } = await active({ portal, run: (_, count) => (count === 1 ? 'error' : 'success') });
	jest.setSystemTime(Date.now() + step);
	await pass(29_000);
	expect(emitted).toHaveLength(1);
	await pass(31_000);
	expect(emitted).toHaveLength(2);
});

it('saves an execution that failed, once, where somebody has to mend what stands in the way', async () => {
	const { portal, log, failures } = await active();
	portal.answers.set('event.offline.get', refused(403, 'insufficient_scope', ''));
	await pass(240_000);
	const lacks = 'The Bitrix24 app lacks a permission that this needs. In Bitrix24, open';
	expect(failures).toEqual([expect.stringContaining(lacks)]);
	expect(log).toEqual([
		expect.stringContaining(`error: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: ${lacks}`),
	]);
});

it('ends everything when it closes, and lets the portal go on collecting', async () => {
	const { portal, close } = await active();
	await close();
	portal.calls.length = 0;
	portal.queue([7], own);
	await pass(600_000);
	expect([portal.calls, portal.handlers().length, jest.getTimerCount()]).toEqual([[], 1, 0]);
});

describe('a test in the editor', () => {
	async function shown(portal: SimulatedPortal, parameters: { [name: string]: unknown } = {}) {
		const { context, emitted } = triggerContext({ portal, parameters, mode: 'manual' });
		const { manualTriggerFunction, closeFunction } = await trigger(context);
		expect([portal.calls, closeFunction]).toEqual([[], undefined]);
		await manualTriggerFunction?.();
		return emitted.map(({ items }) => items);
	}

	it('shows what waits of the selected events when n8n asks for it, and takes nothing', async () => {
		const portal = simulatedPortal();
		portal.queue([7], { ...own, event: 'ONCRMLEADADD' });
		portal.queue([8, 9], own);
		portal.queue([10]);
		const before = JSON.stringify(portal.records());
		const { memberId: portalMemberId } = portal.simulator;
		expect(await shown(portal)).toMatchObject([[{ leadId: 8, portalMemberId }, { leadId: 9 }]]);
		expect([JSON.stringify(portal.records()), portal.handlers()]).toEqual([before, []]);
	});

	it.each([true, false])('shows selected events behind 50 others (asked for together: %p)', async (takesLists) => {
		const portal = simulatedPortal();
		const sixty = Array.from({ length: 60 }, (_, index) => index + 100);
		portal.queue(sixty, { ...own, event: 'ONCRMDEALADD' });
		portal.queue([8], { ...own, event: 'ONCRMLEADADD' });
		portal.queue([9], own);
		const { httpRequestWithAuthentication: send } = portal.helpers;
		portal.helpers.httpRequestWithAuthentication = async (type, options) =>
			takesLists || !JSON.stringify(options.body).includes('[')
				? await send(type, options)
				: refused(400, 'ERROR_ARGUMENT', '');
		const events = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];
		expect(await shown(portal, { events })).toMatchObject([[{ leadId: 8 }, { leadId: 9 }]]);
	});

	it('shows the queue that the user names, and records as Bitrix24 names them where the user wants it', async () => {
		const portal = simulatedPortal();
		portal.queue([7], { connector: 'leads' });
		const parameters = { options: { queueName: 'leads' }, simplify: false };
		expect(await shown(portal, parameters)).toMatchObject([[{ ID: '1', EVENT_NAME: 'ONCRMLEADDELETE' }]]);
	});

	it.each([
		[
			'nothing waits',
			own.connector,
			'Nothing waits in the queue at the moment. Make one of the selected events happen in Bitrix24, then test again. While the workflow is active it takes events from the queue itself, so there is little to see here.',
		],
		[
			'nothing is collected yet',
			'another',
			'Bitrix24 does not collect events for this workflow yet. Activate the workflow once. From then on Bitrix24 keeps its events, also while the workflow is off, and a test shows what waits.',
		],
	])('says so when %s', async (_, connector, what) => {
		const portal = simulatedPortal();
		portal.bind({ event: 'ONCRMLEADDELETE', connector_id: connector, offline: 1 });
		const refusal: unknown = await shown(portal).catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(NodeOperationError);
		expect(String(refusal)).toContain(what);
	});

	it('asks for an event where none is selected, before anything else', async () => {
		const portal = simulatedPortal();
		await expect(shown(portal, { events: [] })).rejects.toThrow('No event is selected.');
		expect(portal.calls).toEqual([]);
	});

	it('does not keep a person waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.offline.list', new Error('read ECONNRESET'));
		const showing = expect(shown(portal)).rejects.toThrow('Bitrix24 did not answer');
		await pass(10_000);
		await showing;
		expect(portal.callsOf('event.offline.list')).toHaveLength(3);
	});
});

const settings = { queueName: '', events: ['ONCRMLEADDELETE'] };
const collected = { event: 'ONCRMLEADDELETE', connector_id: 'n8n_workflow-1_node-1', offline: 1 };

describe('stopCollecting', () => {
	it('stops the collecting, and lets what is queued be', async () => {
		const portal = simulatedPortal();
		portal.bind(collected, { ...collected, connector_id: 'another' });
		portal.queue([1], { connector: collected.connector_id });
		const { context, log } = triggerContext({ portal });
		await stopCollecting(context, settings);
		expect(portal.handlers()).toEqual([{ ...collected, connector_id: 'another' }]);
		expect(portal.records()).toHaveLength(1);
		expect(log).toEqual([]);
	});

	it('stops its own events only where others use the queue', async () => {
		const portal = simulatedPortal();
		const leads = { ...collected, connector_id: 'leads' };
		portal.bind(leads, { ...leads, event: 'ONCRMLEADADD' });
		const leadsOnly = { queueName: 'leads', events: ['ONLEADDELETE'] };
		await stopCollecting(triggerContext({ portal }).context, leadsOnly);
		expect(portal.handlers()).toEqual([{ ...leads, event: 'ONCRMLEADADD' }]);
	});

	it('logs what stands in the way, for a trigger that n8n closes is closed', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.get', refused(403, 'insufficient_scope', ''));
		const { context, log } = triggerContext({ portal });
		await stopCollecting(context, settings);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: it could not stop the collecting of events. The Bitrix24 app lacks a permission that this needs. In Bitrix24, open Developer resources > Integrations, open the app and add the permission (for leads: CRM), save, and then connect the credential again.',
		]);
	});

	it('survives whatever is thrown', async () => {
		const { context, log } = triggerContext();
		const broken = {
			queueName: '',
			get events(): string[] {
				throw 'no error at all';
			},
		};
		await stopCollecting(context, broken);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: it could not stop the collecting of events. unknown reason',
		]);
	});

	it('does not keep n8n waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', new Error('read ECONNRESET'));
		const { context, log } = triggerContext({ portal });
		const stopping = stopCollecting(context, settings);
		await pass(10_000);
		await stopping;
		expect(portal.calls).toHaveLength(3);
		expect(log).toHaveLength(1);
	});
});

describe('an acknowledgement that the portal refuses', () => {
	it('is reported once, and the queue goes on', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		portal.answers.set('event.offline.clear', refused(400, 'ERROR_ARGUMENT', ''));
		const { emitted, failures } = await active({ portal });
		portal.queue([8], own);
		await pass(60_000);
		expect(emitted).toHaveLength(2);
		expect(failures).toEqual(
			['process-1', 'process-2'].map((processId) =>
				expect.stringMatching(
					`\\(reservation ${processId}\\). Bitrix24 refused: ERROR_ARGUMENT. .* Everything else goes on.`,
				),
			),
		);
	});
});

describe('closing with "Unsubscribe"', () => {
	const parameters = { options: { whenStopped: 'unsubscribe', retryErrors: true } };

	/** A portal that carries a subscription out only when it is let. */
	function slowPortal() {
		const portal = simulatedPortal();
		const { httpRequestWithAuthentication: send } = portal.helpers;
		let release = () => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		portal.helpers.httpRequestWithAuthentication = async (type, options) => {
			if (options.url.includes('/event.bind')) await held;
			return await send(type, options);
		};
		return { portal, release };
	}

	it('waits for the subscription that is under way, and reads nothing any more', async () => {
		const { portal, release } = slowPortal();
		const { close } = await active({ portal, parameters, activation: 'init' });
		const closing = close();
		await pass(3_000);
		release();
		await closing;
		expect(portal.handlers()).toEqual([]);
		expect(portal.callsOf('event.bind')).toHaveLength(1);
		expect(portal.callsOf('event.offline.get')).toEqual([]);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('waits no longer than five seconds', async () => {
		const { portal, release } = slowPortal();
		const { close } = await active({ portal, parameters, activation: 'init' });
		const isClosed = jest.fn();
		const closing = close().then(isClosed);
		await pass(4_999);
		expect(isClosed).not.toHaveBeenCalled();
		await pass(1);
		await closing;
		release();
	});

	it('unsubscribes during an outage from the queue that was set up last, which is no news to the next trigger', async () => {
		const { portal, close } = await active({ parameters });
		for (const method of ['event.offline.get', 'feature.get']) {
			portal.answers.set(method, refused(403, 'insufficient_scope', ''));
		}
		await pass(60_000);
		await close();
		expect(portal.handlers()).toEqual([]);
		portal.answers.clear();
		const { failures } = await active({ portal });
		expect(failures).toEqual([]);
	});
});
