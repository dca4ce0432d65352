import fc from 'fast-check';

import type { Lives, Story } from './stories.mjs';
import { arrivals, codes, eventful, quiet, reserving, tell } from './stories.mjs';

// The same stories again: CRASH_SEED=<seed>. As many as one likes: CRASH_RUNS=<count>, in place of the first number.
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const factor = Number(process.env.CRASH_RUNS ?? 100) / 300;
const told = (runs: number) => ({ seed, numRuns: Math.ceil(runs * factor) });

/** Watches what the portal is told. */
function overhear({ settings: { acknowledge, maxAttempts } }: Story): (lives: Lives) => void {
	return ({ portal, ledger, wrongs }) => {
		const { queue } = portal.simulator;
		const [clear, fail] = [queue.clear.bind(queue), queue.fail.bind(queue)];
		queue.clear = (...told) => {
			const before = portal.records().map(({ ID }) => ID);
			clear(...told);
			const gone = before.filter((id) => !portal.records().some(({ ID }) => ID === id));
			for (const id of gone) {
				const mayGo = ledger.hasSucceeded(id) || (acknowledge === 'afterFinish' && ledger.hasFailed(id));
				if (!mayGo) wrongs.push(`${id} was confirmed without a verdict`);
			}
		};
		queue.fail = (...told) => {
			fail(...told);
			for (const { ID, ERROR } of portal.records()) {
				if (ERROR === '0') continue;
				const { alone, inCompany } = ledger.failures(ID);
				if (alone === 0) wrongs.push(`${ID} was put aside, and did not fail by itself`);
				if (alone + inCompany < maxAttempts) wrongs.push(`${ID} was put aside too soon`);
			}
		};
	};
}

const afterSuccess = reserving.map((settings) => ({ ...settings, acknowledge: 'afterSuccess' as const }));

describe(`whatever happens to the trigger, the portal and n8n (CRASH_SEED=${seed})`, () => {
	it(
		'confirms nothing without a verdict, puts nothing aside too soon, runs nothing twice at once, and leaves nothing behind',
		async () => {
			await fc.assert(
				fc.asyncProperty(eventful(reserving), arrivals, async (story, queued) => {
					const { acknowledge, retryErrors, maxAttempts } = story.settings;
					const { portal, ledger, wrongs, ids } = await tell(story, queued, overhear(story));
					expect(wrongs).toEqual([]);
					const aside = portal.records().map(({ ID, ERROR, PROCESS_ID }) => {
						expect([ID, ERROR]).toEqual([ID, '1']);
						// What is taken up again and fails again stays reserved: the portal puts nothing aside twice.
						if (!retryErrors) expect([ID, PROCESS_ID]).toEqual([ID, '']);
						return ID;
					});
					const isDone = (id: string) =>
						ledger.hasSucceeded(id) || (acknowledge === 'afterFinish' && ledger.hasFailed(id));
					expect(ids.filter((id) => !aside.includes(id) && !isDone(id))).toEqual([]);
					expect(ids.filter((id) => ledger.failures(id).inCompany > Math.min(2, maxAttempts))).toEqual([]);
				}),
				told(300),
			);
		},
		120_000 * Math.max(1, factor),
	);

	it(
		'runs nothing twice on receipt, and leaves nothing behind, not even what was reserved before',
		async () => {
			const onReceipt = reserving.map((settings) => ({ ...settings, acknowledge: 'onReceipt' as const }));
			const before = fc.array(fc.constantFrom(...codes), { maxLength: 5 });
			await fc.assert(
				fc.asyncProperty(eventful(onReceipt), before, arrivals, async (story, reserved, queued) => {
					const { portal, ledger, wrongs, ids } = await tell(story, [reserved, ...queued], ({ portal }) => {
						const { queue } = portal.simulator;
						const add = queue.add.bind(queue);
						queue.add = (change) => {
							const id = add(change);
							if (Number(id) > reserved.length) return id;
							// An earlier life has reserved it, on its own.
							queue.reserve(change, false, { matches: (record) => String(record.id) === id, limit: 1 });
							return id;
						};
					});
					expect(wrongs).toEqual([]);
					expect(portal.records()).toEqual([]);
					expect(ids.filter((id) => ledger.begun(id) > 1)).toEqual([]);
				}),
				told(200),
			);
		},
		120_000 * Math.max(1, factor),
	);
});

describe('while nothing goes wrong', () => {
	it(
		'runs every event once, in the order of the queue',
		async () => {
			await fc.assert(
				fc.asyncProperty(quiet(reserving), arrivals, async (story, queued) => {
					const { portal, ledger, wrongs, ids } = await tell(story, queued);
					expect([wrongs, portal.records()]).toEqual([[], []]);
					expect(ids.filter((id) => ledger.begun(id) !== 1)).toEqual([]);
					const kinds = story.isOwn ? [codes] : codes.map((code) => [code]);
					const events = queued.flat();
					for (const kind of kinds) {
						const ofKind = (id: string) => kind.includes(events[Number(id) - 1] ?? '');
						expect(ledger.firstRuns.filter(ofKind)).toEqual(ids.filter(ofKind));
					}
				}),
				told(100),
			);
		},
		60_000 * Math.max(1, factor),
	);

	it(
		'lets a bad event take nobody with it: it alone is put aside, after just as many runs as it may have',
		async () => {
			const badOnes = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 });
			await fc.assert(
				fc.asyncProperty(quiet(afterSuccess), badOnes, arrivals, async (story, leads, queued) => {
					const { maxAttempts, retryErrors } = story.settings;
					fc.pre(!retryErrors);
					const { portal, ledger, wrongs, ids } = await tell({ ...story, bad: new Set(leads) }, queued);
					expect(wrongs).toEqual([]);
					const isBad = (id: string) => leads.includes(Number(id));
					expect(
						portal
							.records()
							.map(({ ID }) => ID)
							.sort(),
					).toEqual(ids.filter(isBad).sort());
					for (const id of ids) {
						const { alone, inCompany } = ledger.failures(id);
						const together = Math.min(2, maxAttempts);
						const expected = inCompany > 0 ? [Math.max(1, maxAttempts - together), together] : [maxAttempts, 0];
						if (isBad(id)) expect([alone, inCompany]).toEqual(expected);
						else expect([ledger.hasSucceeded(id), alone]).toEqual([true, 0]);
					}
				}),
				told(150),
			);
		},
		60_000 * Math.max(1, factor),
	);
});
