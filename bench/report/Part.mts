/** A table of figures. Every row has a cell for each column. */
export interface Table {
	title: string;
	columns: string[];
	rows: Array<Array<string | number>>;
}

/** Whether what was to be reached is reached. */
export interface Target {
	/** What is measured, e.g. `Median of one delivery`. */
	what: string;
	/** e.g. `under 30 µs`. */
	target: string;
	measured: string;
	isMet: boolean;
}

/** What a part of the benchmark has found out. */
export interface Findings {
	tables: Table[];
	targets: Target[];
}

/** One part of the benchmark. */
export interface Part {
	name: string;
	run(options: { quick: boolean }): Promise<Findings>;
}
