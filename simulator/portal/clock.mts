/** The simulator's time, which tests move forward instead of waiting. */
export class Clock {
	private offset = 0;

	/** @param source milliseconds since 1970, `Date.now` outside tests */
	constructor(private readonly source: () => number) {}

	/** Milliseconds since 1970. */
	now(): number {
		return this.source() + this.offset;
	}

	/** Whole seconds since 1970, the unit of every time stamp that Bitrix24 sends. */
	seconds(): number {
		return Math.floor(this.now() / 1000);
	}

	advance(milliseconds: number): void {
		this.offset += milliseconds;
	}
}
