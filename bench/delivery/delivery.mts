import type { Part } from '../report/Part.mjs';
import { hostile } from './hostile.mjs';
import { oneDelivery } from './oneDelivery.mjs';
import { refusals } from './refusals.mjs';
import { withBuiltTrigger } from './builtTrigger.mjs';

/** One delivery through the trigger's own code: read, parse, prove, select, map, answer; n8n itself is a fake. */
export const delivery: Part = {
	name: 'delivery',
	async run({ quick }) {
		return await withBuiltTrigger(async (receive) => {
			const parts = [
				await oneDelivery(receive, quick ? 100 : 1500),
				await refusals(receive, quick ? 500 : 5000),
				await hostile(receive, quick ? 2 : 5),
			];
			return { tables: parts.flatMap(({ tables }) => tables), targets: parts.flatMap(({ targets }) => targets) };
		});
	},
};
