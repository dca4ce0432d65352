import { type Html, html } from './html.mjs';

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
