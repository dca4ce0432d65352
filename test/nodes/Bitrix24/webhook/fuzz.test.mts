import fc from 'fast-check';
import { parse } from 'qs';

import { formRequest } from '../../../fakes/webhookContext.mjs';
import { hold } from './hold.mjs';
import { mutations, replacements, scratches } from './mutations.mjs';
import type { Receiver, Seed } from './receivers.mjs';
import { receivers, seeds } from './receivers.mjs';
import { saidByForm, saidByJson } from './said.mjs';

/**
 * How many deliveries are made up in all; FUZZ_RUNS says another number:
 * `FUZZ_RUNS=1000000 npx jest --selectProjects unit webhook/fuzz`
 */
const { FUZZ_RUNS } = process.env;
const runs = Number(FUZZ_RUNS ?? 20_000);
const timeout = 60_000 + runs * 10;
// The same deliveries in every ordinary run; new ones each time where FUZZ_RUNS asks for more.
const share = (part: number) => ({
	numRuns: Math.ceil(runs * part),
	...(FUZZ_RUNS === undefined ? { seed: 20250324 } : {}),
});

// Names and texts, so that a report shows what was delivered where.
const receiver = fc.constantFrom(...Object.keys(receivers));
const seed = fc.constantFrom(...seeds);
const form = fc
	.tuple(seed, mutations, scratches)
	.map(([one, mutate, scratch]) => ({ one, bytes: scratch(Buffer.from(mutate(one.body))).toString('latin1') }));
const json = fc.tuple(seed, replacements).map(([one, replace]) => ({ one, body: replace(parse(one.body)) }));
const formType = 'application/x-www-form-urlencoded';
const contentType = fc.oneof(
	{ weight: 12, arbitrary: fc.constantFrom(formType, `${formType}; charset=utf-8`, formType.toUpperCase()) },
	fc.constantFrom('text/plain', 'text/xml', 'multipart/form-data', ''),
	fc.string(),
);

function stateOf(name: string, one: Seed): Receiver {
	const state = receivers[name];
	if (state === undefined) throw new Error(`There is no receiver ${name}`);
	return state(one);
}

describe('a delivery that nobody has thought of', () => {
	it.each(seeds)('as it is, starts a workflow where it is proven (%#)', async (one) => {
		const said = saidByForm(one.body);
		for (const name of Object.keys(receivers)) {
			const state = stateOf(name, one);
			expect([name, await hold(formRequest(one.body), said, state)]).toEqual([name, state.mayStart(said)]);
		}
	});

	it(
		'is answered as the table says, and starts nothing unproven, however a real form is changed',
		async () => {
			let started = 0;
			const property = fc.asyncProperty(receiver, form, contentType, async (name, { one, bytes }, type) => {
				const rawBody = Buffer.from(bytes, 'latin1');
				const request = { headers: { 'content-type': type }, body: {}, rawBody };
				started += Number(await hold(request, saidByForm(rawBody.toString('utf8')), stateOf(name, one)));
			});
			await fc.assert(property, share(0.7));
			expect(started).toBeGreaterThan(0);
		},
		timeout,
	);

	it(
		'is answered as the table says, and starts nothing unproven, however real JSON is changed',
		async () => {
			let started = 0;
			const property = fc.asyncProperty(receiver, json, async (name, { one, body }) => {
				const rawBody = Buffer.from(JSON.stringify(body));
				const request = { headers: { 'content-type': 'application/json' }, body, rawBody };
				started += Number(await hold(request, saidByJson(body), stateOf(name, one)));
			});
			await fc.assert(property, share(0.2));
			expect(started).toBeGreaterThan(0);
		},
		timeout,
	);

	it(
		'is answered as the table says, and starts nothing, when it is any bytes at all',
		async () => {
			const bytes = fc.uint8Array({ maxLength: 1_000 });
			const property = fc.asyncProperty(receiver, seed, bytes, contentType, async (name, one, body, type) => {
				const request = { headers: { 'content-type': type }, body: {}, rawBody: Buffer.from(body) };
				expect(await hold(request, () => null, stateOf(name, one))).toBe(false);
			});
			await fc.assert(property, share(0.1));
		},
		timeout,
	);
});
