import { randomBytes } from 'node:crypto';

/** The simulator's time, which tests move forward instead of waiting. */
export class Clock {
	private offset = 0;

	/** @param source milliseconds since 1970, `Date.now` outside tests */
	constructor(private readonly source: () => number) {}

	now(): number {
		return this.source() + this.offset;
	}

	seconds(): number {
		return Math.floor(this.now() / 1000);
	}

	advance(milliseconds: number): void {
		this.offset += milliseconds;
	}
}

/** ISO 8601 with seconds and an offset, as Bitrix24 writes times: `2024-07-18T12:32:31+00:00`. */
export function isoDate(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function randomHex(length: number): string {
	return randomBytes(Math.ceil(length / 2))
		.toString('hex')
		.slice(0, length);
}

/** `length` random lower-case letters and digits: the alphabet of Bitrix24's application tokens. */
export function randomToken(length: number): string {
	return Array.from(randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
