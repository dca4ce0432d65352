import { subscribe, unsubscribe } from '../../../../nodes/Bitrix24/queue/setup.js';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';

/** A place on a portal that collects these events in this queue. */
function placeWith(collected: string[], { connector = 'queue', isOwn = true } = {}) {
	const fake = simulatedPortal();
	const portal = portalBehind(fake);
	for (const event of collected) fake.bind({ event, connector_id: connector, offline: 1 });
	fake.bind({ event: 'ONCRMDEALADD', connector_id: 'another', offline: 1 });
	fake.bind({ event: 'ONCRMDEALADD', handler: 'https://example.com/', auth_type: '0', offline: 0 });
	const place = { client: portal, isExclusive: isOwn, destination: { kind: 'offline' as const, connector } };
	const collects = () =>
		fake
			.handlers()
			.flatMap(({ event, connector_id: id }) => (id === connector ? [event] : []))
			.sort();
	return { fake, place, collects };
}

describe('subscribe', () => {
	it('lets the portal collect the wanted events, and nothing else, in a queue of the trigger', async () => {
		const { fake, place, collects } = placeWith(['ONCRMLEADADD', 'ONCRMLEADUPDATE']);
		expect(await subscribe(place, ['ONCRMLEADDELETE', 'ONCRMLEADADD'])).toEqual([]);
		expect(collects()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		expect(fake.callsOf('event.bind')).toEqual([
			{ event: 'ONCRMLEADDELETE', event_type: 'offline', auth_connector: 'queue' },
		]);
		expect(fake.callsOf('event.unbind')).toEqual([
			{ event: 'ONCRMLEADUPDATE', event_type: 'offline', auth_connector: 'queue' },
		]);
		expect(fake.handlers().filter(({ event }) => event === 'ONCRMDEALADD')).toHaveLength(2);
	});

	it('lets be what others collect in a queue that they use too, and names it', async () => {
		const { fake, place, collects } = placeWith(['ONCRMLEADADD', 'ONCRMLEADDELETE'], { isOwn: false });
		expect(await subscribe(place, ['ONCRMLEADUPDATE'])).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		expect(collects()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE', 'ONCRMLEADUPDATE']);
		expect(fake.callsOf('event.unbind')).toEqual([]);
	});

	it('names an event of others once, and not by its other name', async () => {
		const collected = ['ONLEADDELETE', 'ONCRMLEADADD', 'ONCRMLEADADD'];
		const { place } = placeWith(collected, { isOwn: false });
		expect(await subscribe(place, ['ONCRMLEADDELETE'])).toEqual(['ONCRMLEADADD']);
	});

	it('does nothing where nothing has to change', async () => {
		const { fake, place } = placeWith(['ONCRMLEADDELETE']);
		await subscribe(place, ['ONCRMLEADDELETE']);
		expect(fake.calls.map(({ method }) => method)).toEqual(['event.get']);
	});

	it('says what stands in the way', async () => {
		const { fake, place } = placeWith([], { isOwn: false });
		fake.answers.set('event.bind', refused(403, 'WRONG_LICENSE', ''));
		await expect(subscribe(place, ['ONCRMLEADDELETE'])).rejects.toThrow("The portal's Bitrix24 plan does not include");
	});
});

describe('unsubscribe', () => {
	it('stops everything in a queue of the trigger', async () => {
		const { fake, place, collects } = placeWith(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		await unsubscribe(place, ['ONCRMLEADDELETE']);
		expect(collects()).toEqual([]);
		expect(fake.handlers()).toHaveLength(2);
	});

	it('stops its own events only in a queue that others use', async () => {
		const { place, collects } = placeWith(['ONCRMLEADADD', 'ONCRMLEADDELETE'], { isOwn: false });
		await unsubscribe(place, ['ONLEADDELETE']);
		expect(collects()).toEqual(['ONCRMLEADADD']);
	});
});
