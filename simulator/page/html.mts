/** Markup that is safe to embed as it is. */
export class Html {
	constructor(readonly markup: string) {}

	toString(): string {
		return this.markup;
	}
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Markup from a template: every value is escaped, unless it is markup itself; lists are joined. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
	return new Html(String.raw({ raw: strings }, ...values.map(embed)));
}

function embed(value: unknown): string {
	if (value instanceof Html) return value.markup;
	if (Array.isArray(value)) return value.map(embed).join('');
	if (value === null || value === undefined) return '';
	return String(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
