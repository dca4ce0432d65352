import type { World } from './inWorld.mjs';
import type { Event, Setting } from './setting.mjs';
import { refusal } from './setting.mjs';
import { struckTrigger } from './struckTrigger.mjs';

const events = ['ONCRMLEADDELETE'];

const activation = ['app.info', 'profile', 'events', 'event.get', 'event.bind', 'event.test', 'event.unbind'];

/** Everything that Bitrix24 Trigger does on a portal. */
export const ofTrigger: readonly Setting[] = [
	{
		title: 'It is activated',
		about:
			'Nothing is bound before. `event.unbind` takes the learning handler down again once the answer to `event.test` has arrived.',
		calls: [...activation, 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'activated',
				wanted: events,
				work: async ({ n8n }) => [await refusal(n8n.activate(), 'activated')],
			}),
	},
	{
		title: 'It is activated once more, or n8n starts again',
		about: 'It is bound, and has learned its token.',
		calls: ['events', 'event.get', 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'activated',
				wanted: events,
				before: async ({ n8n }) => await n8n.activate(),
				work: async ({ n8n }) => [await refusal(n8n.activate('init'), 'activated')],
			}),
	},
	{
		title: 'It is activated, and a handler is left that is not wanted any more',
		about: 'It is bound to another event, and has learned its token.',
		calls: ['event.bind', 'event.unbind'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'activated',
				wanted: events,
				parameters: { events: ['ONCRMDEALADD'] },
				async before({ n8n, node, settled }) {
					await n8n.activate();
					await settled();
					node.parameters.events = events;
				},
				work: async ({ n8n }) => [await refusal(n8n.activate(), 'activated')],
			}),
	},
	{
		title: 'It is deactivated',
		about: 'It is bound.',
		calls: ['event.get', 'event.unbind', 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'taken down',
				wanted: [],
				before: async ({ n8n }) => await n8n.activate(),
				work: async ({ n8n }) => [await refusal(n8n.deactivate(), 'taken down')],
			}),
	},
	{
		title: '"Listen for test event" shows a sample',
		about: 'n8n takes the trigger down when it has shown the sample, or is refused it.',
		calls: [...activation, 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, { fine: 'shown', wanted: [], work: async (world) => await listen(world) }),
	},
	{
		title: 'An event arrives before the application token is learned',
		about: 'Its own access token is to prove it, by `app.info` on the portal of the credential.',
		calls: ['app.info', 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'started',
				wanted: ['ONAPPTEST', ...events],
				async before({ portal, n8n, settled }) {
					portal.faults.deliveries = 'lost';
					await n8n.activate();
					await settled();
					portal.faults.deliveries = null;
				},
				work: async (world) => await deleteLead(world),
			}),
	},
	{
		title: 'An event arrives, and "Include User" is on',
		about: 'Who did it is looked up by `profile`, with the access token of the event.',
		calls: ['profile'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'started',
				wanted: events,
				parameters: { options: { includeUser: true } },
				before: async ({ n8n }) => await n8n.activate(),
				work: async (world) => await deleteLead(world),
			}),
	},
	{
		title: 'The editor loads the list of other events',
		about: 'For "Other Event Names or IDs" of both triggers.',
		calls: ['events', 'oauth.token'],
		run: async (call, strike) =>
			await struckTrigger(call, strike, {
				fine: 'loaded',
				wanted: [],
				work: async ({ n8n }) => [await refusal(n8n.loadOptions('getOtherEvents'), 'loaded')],
			}),
	},
];

async function deleteLead({ portal, n8n, settled }: World): Promise<Event[]> {
	const before = n8n.executions.length;
	portal.leads.delete(Number(portal.leads.add().ID));
	await settled();
	const { status, answer } = portal.deliveries.findLast(({ handler }) => handler.startsWith(n8n.baseUrl)) ?? {};
	if (status !== 200) return [[`answered ${status} \`${String(JSON.parse(answer ?? '').error)}\``]];
	const [item] = n8n.executions.slice(before).flatMap(({ items }) => items);
	if (item === undefined) return [['answered 200, and nothing started']];
	return [[item.userName === null ? 'started, without the name' : 'started']];
}

async function listen({ n8n, settled }: World): Promise<Event[]> {
	const before = n8n.executions.length;
	const started = await refusal(n8n.activate('activate', true), 'asked');
	if (started[0] === 'refused') return [started];
	await settled();
	const shown: Event = [n8n.executions.length > before ? 'shown' : 'not shown'];
	const [closed, why] = await refusal(n8n.deactivate(true), 'closed');
	return closed === 'closed' ? [shown] : [shown, ['taking down refused', why]];
}
