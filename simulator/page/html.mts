import { isoDate } from '../portal/clock.mjs';

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

/** A table, or a remark where it would have no rows. In a narrow window each row becomes a card with labelled lines. */
export function table(headings: string[], rows: unknown[][], empty: string): Html {
	if (rows.length === 0) return html`<p class="muted">${empty}</p>`;
	return html`<table>
		<thead>
			<tr>
				${headings.map((heading) => html`<th>${heading}</th>`)}
			</tr>
		</thead>
		<tbody>
			${rows.map(
				(cells) =>
					html`<tr>
						${cells.map((cell, index) => html`<td data-label="${headings[index]}">${cell}</td>`)}
					</tr>`,
			)}
		</tbody>
	</table>`;
}

/** A time of day, as the clock of this machine shows it. @param at milliseconds since 1970 */
export function time(at: number): Html {
	return html`<time datetime="${isoDate(at)}">${new Date(at).toLocaleTimeString('en-GB')}</time>`;
}
