/** ISO 8601 with seconds and an offset, as Bitrix24 writes times: `2024-07-18T12:32:31+00:00`. */
export function isoDate(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
