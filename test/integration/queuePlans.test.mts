import { eventually } from './support/eventually.mjs';
import { refusalOf } from './support/refusalOf.mjs';
import { leadsOf, type QueueWorld, useQueue } from './support/useQueue.mjs';
import type { TriggerOptions } from './support/useTrigger.mjs';

const openQueue = useQueue();

const complete = { rest: true, offlineExtended: true, authConnector: true };
const noOwnQueues = { ...complete, authConnector: false };

test('a plan without reservation or queues of their own is enough for "On Receipt"', async () => {
	const plan = { ...complete, offlineExtended: false, authConnector: false };
	const world = await openQueue({ portal: { plan }, parameters: { acknowledge: 'onReceipt' } });
	const { emitted, failures } = await world.start();
	const ids = world.deleteLeads(3);
	await eventually('the workflow was started', () => emitted.length > 0);
	expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	expect(world.portal.queue.records()).toEqual([]);
	expect(failures).toEqual([]);
});

describe('a plan without queues of their own', () => {
	test('has a shared one: that is said, only the selected events are taken, and what others collect stays', async () => {
		const { portal, n8n, collected, records, start } = await openQueue({ portal: { plan: noOwnQueues } });
		const other = await openQueue({ portal, parameters: { events: ['ONCRMDEALADD'] } });
		await other.collect();
		const { emitted } = await start();
		expect(collected('')).toEqual(['ONCRMDEALADD', 'ONCRMLEADDELETE']);
		portal.fire('ONCRMDEALADD', { FIELDS: { ID: 8 } });
		portal.leads.delete(1);
		await eventually('the lead was taken', () => records('').length === 1);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual([1]);
		expect(records('')).toMatchObject([{ EVENT_NAME: 'ONCRMDEALADD', PROCESS_ID: '' }]);
		expect(n8n.log).toContainEqual(expect.stringMatching(/^warn: .*one queue for everything.*this app/));
	});

	test('stops collecting its own events only', async () => {
		const { portal, collected, start } = await openQueue({
			portal: { plan: noOwnQueues },
			parameters: { options: { whenStopped: 'unsubscribe' } },
		});
		const other = await openQueue({ portal, parameters: { events: ['ONCRMDEALADD'] } });
		await other.start();
		const { close } = await start();
		await close();
		expect(collected('')).toEqual(['ONCRMDEALADD']);
	});
});

/** Activates, expects to be refused with nothing left bound, and returns what the user reads. */
async function refusal(
	options: TriggerOptions,
	prepare: (world: QueueWorld) => unknown = () => undefined,
): Promise<string> {
	const world = await openQueue(options);
	await prepare(world);
	const message = await refusalOf(world.start());
	expect(world.portal.handlers()).toEqual([]);
	return message;
}

describe('activation is refused with advice', () => {
	test.each<[string, TriggerOptions, RegExp]>([
		[
			'for somebody who is no administrator',
			{ userId: 15 },
			/not an administrator.*administrators only.*administrator/,
		],
		['for an app that is not installed', { portal: { app: { installed: false } } }, /not complete.*"Uses API only"/],
		['for an app without the permission', { portal: { app: { scope: ['task'] } } }, /permission "crm"/],
		[
			'for a plan without reservation',
			{ portal: { plan: { ...complete, offlineExtended: false } } },
			/plan does not let n8n reserve.*"On Receipt".*upgrade/,
		],
		[
			'for a plan without REST',
			{ portal: { plan: { ...complete, rest: false } } },
			/plan does not include the REST API/,
		],
		['for an event that the portal does not know', { parameters: { events: ['ONCRMLEADDELET'] } }, /ONCRMLEADDELETE/],
		['without an event', { parameters: { events: [], otherEvents: [] } }, /No event is selected/],
		['without a credential', { oAuth2: null }, /choose a Bitrix24 OAuth2 API credential/],
	])('%s', async (_, options, words) => {
		expect(await refusal(options)).toMatch(words);
	});

	test('for a connection that was revoked', async () => {
		const message = await refusal({}, ({ portal }) => {
			portal.revokeAccessTokens();
			portal.revokeRefreshTokens();
		});
		expect(message).toContain('"Connect my account"');
	});

	test('when a bind is refused half-way, and nothing stays bound', async () => {
		const parameters = { events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'] };
		const message = await refusal({ parameters }, ({ portal }) => {
			portal.faults.next('event.bind', { delayMs: 0 });
			portal.faults.next('event.bind', { status: 403, error: 'ACCESS_DENIED' });
		});
		expect(message).toMatch(/administrator/);
	});
});
