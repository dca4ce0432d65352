import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toActionableError } from '../api/errors';
import { readConnection } from '../connection/oauth2';
import { itemRecordRef, shapeRecord } from '../event/record';
import type { Log } from '../n8n/log';
import { createLog } from '../n8n/log';
import type { LookUp } from '../n8n/lookups';
import { openLookups } from '../n8n/lookups';
import { processState } from '../n8n/processState';
import { readTriggerSettings } from '../settings/settings';

// A run that waits takes some 8 MiB of n8n's memory.
const maxRunsWaiting = 100;
const timeoutMs = 15_000;

/**
 * The trigger's step in a run: adds the record that the event is about, where that was chosen, and hands its input on
 * otherwise. In the run, since n8n has stored the event by then: what waits after n8n's answer and before the run is gone
 * when n8n is stopped. Never throws: an event without its record is still an event.
 */
export async function addRecord(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const { includeRecord, recordFields } = readTriggerSettings({
		getNodeParameter: (name, fallback) => context.getNodeParameter(name, 0, fallback),
	});
	if (!includeRecord) return [items];
	const log = createLog(context);
	let lookUp: Promise<LookUp> | null = null;
	const open = async () => openLookups(context, await readConnection(context));

	async function withRecord(item: INodeExecutionData): Promise<INodeExecutionData> {
		const ref = itemRecordRef(item.json);
		if (ref === null) return item;
		const record = await whileWaiting(item.json, log, async () => {
			lookUp ??= open();
			const waiting = { signal: AbortSignal.timeout(timeoutMs), keepTrying: true };
			const { records, failure } = await (await lookUp)(ref.kind, [ref.id], waiting);
			const found = records.get(ref.id);
			if (found !== undefined) return found;
			throw failure === null ? new Error('Too much else was to be asked.') : toActionableError(failure);
		});
		return { ...item, json: { ...item.json, record: record && shapeRecord(record, recordFields) } };
	}

	return [await Promise.all(items.map(withRecord))];
}

/** Looks up unless too many do already. What goes wrong is logged, and the record is null then. */
async function whileWaiting<T>(item: IDataObject, log: Log, work: () => Promise<T>): Promise<T | null> {
	const { runsWaiting } = processState;
	const leftOut = `the record of ${String(item.event)} ${String(item.id ?? '')}`.trim();
	if (runsWaiting.size >= maxRunsWaiting) {
		log.warn(`${leftOut} is left out: ${maxRunsWaiting} runs wait for theirs already.`);
		return null;
	}
	const run = Symbol();
	runsWaiting.add(run);
	try {
		return await work();
	} catch (error) {
		log.warn(
			`${leftOut} is left out, after ${timeoutMs / 1000} seconds at most. ${String(error).replace(/^Error: /, '')}`,
		);
		return null;
	} finally {
		runsWaiting.delete(run);
	}
}
