import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { addRecord } from '../../../../nodes/Bitrix24/webhook/addRecord.js';
import { executeContext } from '../../../fakes/executeContext.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const changed = (id: number) => ({ event: 'ONCRMLEADUPDATE', id, leadId: id, record: null });
const parameters = { options: { includeRecord: true, recordFields: 'title' } };
const found = { record: { title: 'Website form: price request' } };

/** Runs the step with one item. */
async function run(changes: Partial<Parameters<typeof executeContext>[0]> = {}) {
	const { context, portal, log } = executeContext({ items: [changed(1)], parameters, ...changes });
	const [items = []] = await addRecord(context);
	return { items: items.map(({ json }) => json), portal, log };
}

describe('addRecord', () => {
	afterEach(() => jest.restoreAllMocks());

	it('adds the record', async () => {
		expect((await run()).items).toEqual([{ ...changed(1), ...found }]);
	});

	it('hands its input on without the option, and for an outgoing webhook', async () => {
		for (const chosen of [{}, { ...parameters, authentication: 'outgoingWebhook' }]) {
			const { items, portal } = await run({ parameters: chosen });
			expect(items).toEqual([changed(1)]);
			expect(portal.calls).toEqual([]);
		}
	});

	it.each([
		['without an event', {}],
		['about a deletion', { event: 'ONCRMLEADDELETE', id: 1, record: null }],
		['without an id', { event: 'ONCRMLEADUPDATE', id: null, record: null }],
	])('hands an item %s on, and asks nobody', async (_, item) => {
		const { items, portal } = await run({ items: [item] });
		expect(items).toEqual([item]);
		expect(portal.calls).toEqual([]);
	});

	it.each([
		['the portal does not answer', async () => {}, 'Bitrix24 did not answer'],
		[
			'the portal has not been asked by then',
			async () => processState.rateLimiters.clear(),
			'Too much else was to be asked',
		],
	])('gives up after fifteen seconds, and logs it, where %s', async (_, prepare, reason) => {
		await prepare();
		const ending = new AbortController();
		const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(ending.signal);
		const portal = simulatedPortal();
		portal.answers.set('crm.item.list', new Error('read ECONNRESET'));
		if (reason.startsWith('Too much')) ending.abort();
		else setTimeout(() => ending.abort(), 2_500);
		const { items, log } = await run({ portal });
		expect(items).toEqual([changed(1)]);
		expect(timeout).toHaveBeenCalledWith(15_000);
		expect(log).toEqual([
			expect.stringContaining('the record of ONCRMLEADUPDATE 1 is left out, after 15 seconds at most. ' + reason),
		]);
	});

	it.each([
		['cannot be read', new Error('secret detail'), /credential of this node is missing or cannot be read/],
		['is not connected', {}, /not connected/],
	])('never throws: a credential that %s costs the record', async (_, credential, reason) => {
		const { items, log } = await run({ credential });
		expect(items).toEqual([changed(1)]);
		expect(log).toEqual([expect.stringMatching(reason)]);
		expect(processState.runsWaiting.size).toBe(0);
	});

	it('lets a hundred runs wait, and logs which record it leaves out for that', async () => {
		for (let count = 0; count < 99; count++) processState.runsWaiting.add(Symbol());
		expect((await run()).items).toMatchObject([found]);
		processState.runsWaiting.add(Symbol());
		const { items, portal, log } = await run({
			items: [{ ...changed(2), id: undefined, data: { FIELDS: { ID: '2' } } }],
		});
		expect(items).toMatchObject([{ record: null }]);
		expect(portal.calls).toEqual([]);
		expect(log).toEqual([
			expect.stringMatching(/the record of ONCRMLEADUPDATE is left out: 100 runs wait for theirs already/),
		]);
	});
});
