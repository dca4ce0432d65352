import { hrtime } from 'node:process';

import type { RequestParts } from '../../nodes/Bitrix24/webhook/readBody.js';
import { formRequest } from '../../test/fakes/webhookContext.mjs';
import type { Findings } from '../report/Part.mjs';
import { median } from '../report/statistics.mjs';
import type { Receive } from './builtTrigger.mjs';
import { contextOf, form } from './contexts.mjs';

const sizes = [16_384, 131_072, 1_048_576];

const fill = (part: string, size: number) => part.repeat(Math.floor(size / part.length));

/** An event, and so much of what is meant to keep the trigger busy beside it that it has the size. */
function beside(part: string, size: number): string {
	return `${form}&${fill(part, size - form.length - 1)}`;
}

const keys = (size: number) => {
	const all: string[] = [];
	for (let left = size - form.length - 10; left > 0; left -= (all.at(-1) ?? '').length + 1)
		all.push(`k${all.length}=1`);
	return `${form}&${all.join('&')}`;
};

/** Bodies that are meant to keep the trigger busy, by size in bytes. */
const bodies: Record<string, (size: number) => RequestParts> = {
	'one long text': (size) => formRequest(`${form}&x=${fill('x', size - form.length - 3)}`),
	'one long text, escaped': (size) => formRequest(`${form}&x=${fill('%41', size - form.length - 3)}`),
	'many keys': (size) => formRequest(keys(size)),
	'one key again and again': (size) => formRequest(beside('a=1&', size)),
	'a list without end': (size) => formRequest(beside('a[]=1&', size)),
	'nothing but separators': (size) => formRequest(beside('&', size)),
	'brackets without end': (size) => formRequest(`${form}&a${fill('[b]', size - form.length - 4)}=1`),
	'open brackets': (size) => formRequest(`${form}&a${fill('[', size - form.length - 4)}=1`),
	'broken escapes': (size) => formRequest(`${form}&x=${fill('%', size - form.length - 3)}`),
	'broken UTF-8': (size) => formRequest(`${form}&x=${fill('%ff', size - form.length - 3)}`),
};

async function nanosecondsPerByte(receive: Receive, request: RequestParts, size: number, repeats: number) {
	const given = contextOf('learned', { request });
	const times: number[] = [];
	for (let run = 0; run < repeats; run++) {
		const begin = hrtime.bigint();
		await receive(given.context);
		times.push(Number(hrtime.bigint() - begin) / size);
	}
	return median(times);
}

/** Time per byte of large bodies: what grows faster than the body does would be a way to stop n8n. */
export async function hostile(receive: Receive, repeats: number): Promise<Findings> {
	const rows: Array<[string, ...number[]]> = [];
	for (const [name, body] of Object.entries(bodies)) {
		const perByte: number[] = [];
		for (const size of sizes) perByte.push(await nanosecondsPerByte(receive, body(size), size, repeats));
		rows.push([name, ...perByte]);
	}
	const worst = Math.max(...rows.map(([, , , large]) => large ?? NaN));
	return {
		tables: [
			{
				title: 'Large hostile bodies, nanoseconds per byte (median)',
				columns: ['Body', '16 kB', '128 kB', '1 MB (as much as is read)'],
				rows: rows.map(([name, ...perByte]) => [name, ...perByte.map((value) => value.toFixed(1))]),
			},
		],
		targets: [
			{
				what: 'Time per byte of the worst hostile body of 1 MB',
				target: 'under 100 ns (a tenth of a second for the body)',
				measured: `${worst.toFixed(1)} ns`,
				isMet: worst < 100,
			},
		],
	};
}
