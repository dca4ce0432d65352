import { startTrigger, testStep } from '../../integration/support/startTrigger.mjs';
import type { World } from './inWorld.mjs';
import type { Event, Setting } from './setting.mjs';
import { refusal } from './setting.mjs';
import { struckQueue } from './struckQueue.mjs';
import { whileReading } from './whileReading.mjs';

const setUp = ['feature.get', 'app.info', 'profile', 'events', 'event.get', 'event.bind', 'oauth.token'];

/** Everything that Bitrix24 Queue Trigger does on a portal. */
export const ofQueue: readonly Setting[] = [
	{
		title: 'It is activated',
		about: 'Nothing is collected before.',
		calls: setUp,
		run: async (call, strike) =>
			await struckQueue(call, strike, {
				fine: 'activated',
				collects: true,
				work: async ({ n8n }) => [await start(n8n)],
			}),
	},
	{
		title: 'It reads its queue',
		about:
			'It looks every 30 seconds. Two leads are deleted; the workflow never succeeds with one of them, which `event.offline.error` therefore puts aside. What lasts goes on until it is reported, or for 17 minutes.',
		calls: ['event.offline.list', 'event.offline.get', 'event.offline.clear', 'event.offline.error', 'oauth.token'],
		run: async (call, strike, isLasting) => await whileReading({ call, strike, isLasting }),
	},
	{
		title: 'It reads its queue again after an outage',
		about:
			'The portal answers a first reading with a web page, so that the trigger sets everything up again before it reads on. The rest is as above, and so is what becomes of most that lasts.',
		isOnceOnly: true,
		calls: setUp.filter((call) => !['event.bind', 'oauth.token'].includes(call)),
		run: async (call, strike, isLasting) => await whileReading({ call, strike, isLasting, isAfterOutage: true }),
	},
	{
		title: 'It reads its queue, and "Acknowledge" is "On Receipt"',
		about:
			'The portal deletes events as it hands them out: an answer that is lost on the way takes them with it, which is what this choice is for.',
		calls: ['event.offline.get'],
		run: async (call, strike, isLasting) => await whileReading({ call, strike, isLasting, acknowledge: 'onReceipt' }),
	},
	{
		title: 'It is closed, and "When Stopped" is "Unsubscribe"',
		about: 'The portal collects its events.',
		calls: ['feature.get', 'event.get', 'event.unbind', 'oauth.token'],
		run: async (call, strike) => {
			let running: Awaited<ReturnType<typeof startTrigger>> | undefined;
			return await struckQueue(call, strike, {
				fine: 'closed',
				collects: false,
				parameters: { options: { whenStopped: 'unsubscribe' } },
				async before({ n8n }) {
					running = await startTrigger(n8n);
				},
				async work(world) {
					world.n8n.log.length = 0;
					const closing = running ?? startTrigger(world.n8n);
					running = undefined;
					const ended = await refusal(
						Promise.resolve(closing).then(async ({ close }) => await close()),
						'closed',
					);
					return [...world.told().map(({ text }): Event => ['logged', text]), ended];
				},
			});
		},
	},
	{
		title: 'Its step is tested in the editor',
		about: 'Nothing waits in the queue, so that it looks for the reason.',
		calls: ['feature.get', 'event.offline.list', 'event.get', 'oauth.token'],
		run: async (call, strike) =>
			await struckQueue(call, strike, {
				fine: 'answered',
				collects: true,
				before: async ({ n8n }) => await start(n8n),
				async work({ n8n }) {
					const [what, message = ''] = await refusal(testStep(n8n), 'answered');
					return [message.startsWith('Nothing waits') ? ['answered'] : [what, message]];
				},
			}),
	},
];

async function start(n8n: World['n8n']): Promise<Event> {
	return await refusal(
		startTrigger(n8n).then(async ({ close }) => await close()),
		'activated',
	);
}
