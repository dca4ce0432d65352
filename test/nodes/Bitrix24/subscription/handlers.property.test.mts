import fc from 'fast-check';

import type { Destination } from '../../../../nodes/Bitrix24/subscription/handlers.js';
import { reconcile } from '../../../../nodes/Bitrix24/subscription/handlers.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { BoundHandler, SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const codes = ['A', 'B', 'C', 'D', 'E'];
const urls = ['https://ours.example.com/', 'https://theirs.example.com/'];
const addresses: Destination[] = [
	{ kind: 'online', handler: 'https://ours.example.com/' },
	{ kind: 'offline', connector: 'ours' },
	{ kind: 'offline', connector: null },
];

const online = fc.record({
	event: fc.constantFrom(...codes),
	handler: fc.constantFrom(...urls),
	auth_type: fc.constantFrom('0', '1', '27'),
	offline: fc.constant(0),
});
const offline = fc.record({
	event: fc.constantFrom(...codes),
	connector_id: fc.constantFrom('', 'ours', 'theirs'),
	offline: fc.constant(1),
});
// A portal keeps no handler twice.
const current: fc.Arbitrary<BoundHandler[]> = fc.uniqueArray(fc.oneof(online, offline), {
	selector: (bound) => JSON.stringify(bound),
	maxLength: 14,
});
const desired = fc.array(fc.constantFrom(...codes), { maxLength: 7 });
const address = fc.constantFrom(...addresses);
const trouble = fc.constantFrom('refused' as const, 'unheard' as const, 'unanswered' as const);

function isAt(place: Destination): (bound: BoundHandler) => boolean {
	return (bound) =>
		place.kind === 'online'
			? bound.offline === 0 && bound.handler === place.handler
			: bound.offline === 1 && bound.connector_id === (place.connector ?? '');
}

function portalWith(handlers: BoundHandler[]): SimulatedPortal {
	const portal = simulatedPortal();
	portal.simulator.events = codes;
	portal.bind(...handlers);
	return portal;
}

/** Holds what is bound against what was there before and what is wanted. */
function expectExactly(portal: SimulatedPortal, before: BoundHandler[], place: Destination, wanted: string[]): void {
	const events = portal
		.handlers()
		.filter(isAt(place))
		.map(({ event }) => event);
	expect(events.sort()).toEqual([...new Set(wanted)].sort());
	expectOthersUntouched(portal, before, place);
}

function expectOthersUntouched(portal: SimulatedPortal, before: BoundHandler[], place: Destination): void {
	const isElsewhere = (bound: BoundHandler) => !isAt(place)(bound);
	expect(portal.handlers().filter(isElsewhere)).toEqual(before.filter(isElsewhere));
}

describe('reconcile, whatever is bound and whatever is wanted', () => {
	it('leaves exactly what is wanted at our address, and others untouched', async () => {
		await fc.assert(
			fc.asyncProperty(current, desired, address, async (before, wanted, place) => {
				const portal = portalWith(before);
				await reconcile({ client: portalBehind(portal), destination: place }, wanted);
				expectExactly(portal, before, place, wanted);
			}),
		);
	});

	it('changes nothing the second time', async () => {
		await fc.assert(
			fc.asyncProperty(current, desired, address, async (before, wanted, place) => {
				const portal = portalWith(before);
				await reconcile({ client: portalBehind(portal), destination: place }, wanted);
				portal.calls.length = 0;
				await reconcile({ client: portalBehind(portal), destination: place }, wanted);
				expect(portal.calls.map(({ method }) => method)).toEqual(['event.get']);
			}),
		);
	});

	it('has no moment in which a wanted event that was bound is not', async () => {
		await fc.assert(
			fc.asyncProperty(current, desired, address, async (before, wanted, place) => {
				const portal = portalWith(before);
				const boundNow = () =>
					new Set(
						portal
							.handlers()
							.filter(isAt(place))
							.map(({ event }) => event),
					);
				const stays = wanted.filter((event) => boundNow().has(event));
				const send = portal.helpers.httpRequestWithAuthentication;
				portal.helpers.httpRequestWithAuthentication = async (...request) => {
					const answer = await send(...request);
					for (const event of stays) expect(boundNow()).toContain(event);
					return answer;
				};
				await reconcile({ client: portalBehind(portal), destination: place }, wanted);
			}),
		);
	});

	it('can be repeated after a failure at any call, and touches no others in any of them', async () => {
		await fc.assert(
			fc.asyncProperty(
				...[current, desired, address],
				fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), trouble), { minLength: 1, maxLength: 3 }),
				async (before, wanted, place, troubles) => {
					const portal = portalWith(before);
					for (const [at, what] of troubles) portal.troubles.set(at, what);
					const failed = await reconcile({ client: portalBehind(portal), destination: place }, wanted).then(
						() => false,
						() => true,
					);
					if (failed) expectOthersUntouched(portal, before, place);
					else expectExactly(portal, before, place, wanted);
					portal.troubles.clear();
					await reconcile({ client: portalBehind(portal), destination: place }, wanted);
					expectExactly(portal, before, place, wanted);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('leaves nothing half done when the portal refuses an event', async () => {
		await fc.assert(
			fc.asyncProperty(current, desired, address, fc.nat(7), async (before, wanted, place, at) => {
				const portal = portalWith(before);
				const some = wanted.slice(0, at);
				const reconciling = reconcile({ client: portalBehind(portal), destination: place }, [
					...some,
					'UNKNOWN',
					...wanted.slice(at),
				]);
				await expect(reconciling).rejects.toThrow('ERROR_EVENT_NOT_FOUND');
				expect(portal.handlers()).toEqual(before);
			}),
		);
	});

	it('takes everything down at our address where nothing is wanted', async () => {
		await fc.assert(
			fc.asyncProperty(current, address, async (before, place) => {
				const portal = portalWith(before);
				await reconcile({ client: portalBehind(portal), destination: place }, []);
				expect(portal.handlers()).toEqual(before.filter((bound) => !isAt(place)(bound)));
			}),
		);
	});
});
