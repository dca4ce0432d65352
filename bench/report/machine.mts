import { cpus, loadavg, totalmem } from 'node:os';

/** Where and when figures were made. */
export interface Machine {
	date: string;
	processor: string;
	cores: number;
	memoryGb: number;
	node: string;
	/** Of the last 1, 5 and 15 minutes: above the number of cores, others were at work as well. */
	load: number[];
}

/** The machine that this runs on, now. */
export function machine(): Machine {
	return {
		date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
		processor: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
		node: process.version,
		load: loadavg().map((value) => Number(value.toFixed(1))),
	};
}
