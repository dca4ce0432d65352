/** What a delivery says at one place (`auth[member_id]`); null where it says nothing there, or several things. */
export type Said = (place: string) => string | null;

/** Reads a form in the plainest way there is: another one than the package's. */
export function saidByForm(body: string): Said {
	const pairs = body
		.replace(/^\uFEFF/, '')
		.split('&')
		.map((pair) => {
			const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
			return [decode(key), decode(value)];
		});
	return (place) => {
		const values = pairs.filter(([key]) => key === place).map(([, value]) => value);
		return values.length === 1 ? (values[0] ?? null) : null;
	};
}

/** Percent-decodes bytes; what is no UTF-8 becomes a replacement character, what is no encoding stays. */
function decode(text: string): string {
	const bytes = Buffer.from(text.replaceAll('+', ' ')).toString('latin1');
	const decoded = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(decoded, 'latin1').toString('utf8');
}

/** Reads JSON, in which a relay may have put numbers and truth values, as PHP writes them. */
export function saidByJson(body: unknown): Said {
	return (place) => {
		const keys = place.replaceAll(']', '').split('[');
		const found = keys.reduce<unknown>(
			(value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : null),
			body,
		);
		if (typeof found === 'boolean') return found ? '1' : '0';
		return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
	};
}

/** Whether a value is a map or a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
