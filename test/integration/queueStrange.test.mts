import { eventually, seconds } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** What a portal might make of a record that no documentation knows. */
const kinds = [
	['event', 'put aside'],
	['messageId', 'left alone'],
	['id', 'put aside'],
] as const;

describe.each(['afterSuccess', 'afterFinish', 'onReceipt'])('%s: one of 50 records', (acknowledge) => {
	test.each(kinds)('without its %s is named once and %s, and the other 49 run', async (field, outcome) => {
		const { n8n, portal, records, collect, start, deleteLeads } = await openQueue({ parameters: { acknowledge } });
		await collect();
		const ids = deleteLeads(50);
		const bad = ids[20];
		const { queue } = portal;
		const process = queue.process.bind(queue);
		queue.process = (...selected) =>
			process(...selected).map((record) =>
				JSON.stringify(record.data).includes(`"${bad}"`) ? Object.assign({ ...record }, { [field]: '' }) : record,
			);
		const { emitted, failures } = await start();
		await eventually('the others have run', () => emitted.flatMap(({ items }) => items).length >= 49);
		await seconds(700);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids.filter((id) => id !== bad));
		expect(n8n.log.filter((line) => line.includes('is not in the form that Bitrix24 documents'))).toHaveLength(1);
		const isAside = outcome === 'put aside';
		expect(records()).toMatchObject(acknowledge === 'onReceipt' ? [] : [{ ERROR: isAside ? '1' : '0' }]);
		expect(failures).toEqual([]);
	});
});
