import { hrtime } from 'node:process';

import { appAuth, formOf, leadDeleted } from '../../test/fakes/delivery.mjs';
import { formRequest } from '../../test/fakes/webhookContext.mjs';
import type { Findings } from '../report/Part.mjs';
import { median, quantile, welch } from '../report/statistics.mjs';
import type { Receive } from './builtTrigger.mjs';
import { contextOf } from './contexts.mjs';

const rights = [0, 8, 16, 24, 31];
const certain = 4.5;

/** A token as long as the right one, whose first characters are right. */
function guess(right: number): string {
	const token = appAuth.application_token;
	return [...token].map((char, index) => (index < right ? char : char === 'f' ? 'e' : 'f')).join('');
}

/** How long a refusal takes, by how much of the token is right: series taken by turns, in an order that changes. */
export async function refusals(receive: Receive, samples: number): Promise<Findings> {
	const series = rights.map((right) => {
		const auth = { ...appAuth, application_token: guess(right) };
		return {
			right,
			times: new Array<number>(),
			given: contextOf('learned', { request: formRequest(formOf(leadDeleted({ auth }))) }),
		};
	});
	for (let round = 0; round < samples; round++) {
		for (const { times, given } of series.toSorted(() => Math.random() - 0.5)) {
			const begin = hrtime.bigint();
			await receive(given.context);
			times.push(Number(hrtime.bigint() - begin));
			if (given.answers.pop()?.status !== 403) throw new Error('The delivery to be refused is not refused');
			given.log.length = 0;
		}
	}
	const warm = series.map(({ right, times }) => ({ right, times: times.slice(times.length / 10) }));
	// What is slow is slow for the machine's reasons.
	const limit = quantile(
		warm.flatMap(({ times }) => times),
		0.95,
	);
	const kept = warm.map(({ right, times }) => ({ right, times: times.filter((time) => time <= limit) }));
	const [none] = kept;
	if (!none) throw new Error('Nothing was measured');
	const distances = kept.map(({ times }) => (times === none.times ? 0 : welch(times, none.times)));
	const largest = Math.max(...distances.map(Math.abs));
	return {
		tables: [
			{
				title: `A refusal, by how much of the token is right (${samples} of each)`,
				columns: ['Right characters of 32', 'Median (µs)', "Welch's t against none right"],
				rows: kept.map(({ right, times }, index) => [
					right,
					(median(times) / 1000).toFixed(2),
					(distances[index] ?? NaN).toFixed(1),
				]),
			},
		],
		targets: [
			{
				what: 'Time of a refusal does not depend on how much of the token is right',
				target: `\\|t\\| under ${certain}`,
				measured: largest.toFixed(1),
				isMet: largest < certain,
			},
		],
	};
}
