import { isoDate } from '../basics.mjs';

/** A whole page, with the notice that it is a simulation. */
export function layout(title: string, body: Html): string {
	return html`<!DOCTYPE html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>${title}</title>
				<link rel="icon" href="data:," />
				<style>
					${new Html(STYLE)}
				</style>
			</head>
			<body>
				<header>This is a <b>simulation</b> of a Bitrix24 portal. Nothing here reaches a real Bitrix24.</header>
				<p id="offline" role="alert" hidden>The simulated portal does not answer: it was stopped.</p>
				${body}
			</body>
		</html>`.markup;
}

const STYLE = `
:root {
	color-scheme: light dark;
	--paper: #fff; --card: #f6f8fa; --line: #d5dce3; --ink: #1b2733; --soft: #5a6672;
	--accent: #1769c2; --on-accent: #fff; --notice: #fff4d6; --good: #1a7f37; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
	:root {
		--paper: #14191f; --card: #1c232b; --line: #36414d; --ink: #e3e9ef; --soft: #a3afbb;
		--accent: #7ab5f5; --on-accent: #0b1a2b; --notice: #4a3a08; --good: #5fcf7f; --bad: #ff8f86;
	}
}
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 92rem; padding: 0 1rem 3rem; color: var(--ink); background: var(--paper) }
header { position: sticky; top: 0; z-index: 1; background: var(--notice); border-left: .4rem solid #e0a100; padding: .5rem 1rem; margin: 0 0 1rem }
#offline:not([hidden]) { background: var(--bad); color: var(--paper); padding: .5rem 1rem }
h1 { font-size: 1.5rem; margin: 1rem 0 0 } h2 { font-size: 1.1rem; margin: 0 0 .5rem }
html { scroll-padding-top: 4rem }
main, main > div { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-width: 0 }
@media (min-width: 70rem) {
	main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start }
}
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top }
th { color: var(--soft); font-weight: 600; white-space: nowrap }
time { white-space: nowrap; font-variant-numeric: tabular-nums }
code { font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem 1rem } dt { color: var(--soft) } dd { margin: 0 }
form:not(:has(table)) { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end }
label { display: inline-flex; flex-wrap: wrap; gap: .2rem .4rem; align-items: center } label.wide { flex: 1 1 100% } label.wide input { flex: 1; min-width: 12rem }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .6rem 0 0 }
button, .button { background: var(--accent); color: var(--on-accent); border: 0; border-radius: .3rem; padding: .35rem .9rem; font: inherit; white-space: nowrap; cursor: pointer; text-decoration: none }
input:not([type=checkbox]), select { font: inherit; color: inherit; background: var(--paper); padding: .25rem .4rem; border: 1px solid var(--soft); border-radius: .3rem; max-width: 100% }
input[type=number] { width: 8rem } input[type=checkbox] { width: 1.1rem; height: 1.1rem }
a { color: var(--accent) } a.button { color: var(--on-accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px } h2:focus { outline: none }
#latest { min-height: 1.5em; margin: 0 0 .5rem }
.muted { color: var(--soft) } .small { font-size: 13px; overflow-wrap: anywhere }
.verdict { font-weight: 600; white-space: nowrap } .started, .accepted { color: var(--good) } .refused, .lost { color: var(--bad) } .ignored { color: var(--soft) }
@media (max-width: 40rem) {
	table, tbody, tr, td { display: block } thead { display: none }
	tr { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .5rem; margin: 0 0 .5rem; background: var(--paper) }
	td { border: 0; padding: .1rem 0; overflow-wrap: anywhere } td:empty { display: none }
	td[data-label]:not([data-label=""])::before { content: attr(data-label) ": "; color: var(--soft) }
}
`;

/**
 * Keeps the page up to date while it is open, and sends its forms without leaving it. Everything works without it as
 * well, with a reload.
 */
export const LIVE_SCRIPT = `
'use strict';
const EVERY_MS = 1000;
const CONTROLS = 'a, button, input';
const offline = document.getElementById('offline');

/** Replaces the parts that have changed; ticks and the keyboard's place stay. */
function show(markup) {
	const fresh = new DOMParser().parseFromString(markup, 'text/html');
	for (const part of document.querySelectorAll('[data-live]')) {
		const next = fresh.getElementById(part.id);
		if (!next || next.innerHTML === part.innerHTML) continue;
		const focused = part.contains(document.activeElement) ? document.activeElement : null;
		const place = [...part.querySelectorAll(CONTROLS)].indexOf(focused);
		const ticked = [...part.querySelectorAll(':checked')].map(({ id }) => id);
		part.replaceChildren(...next.childNodes);
		for (const id of ticked) {
			const box = document.getElementById(id);
			if (box) box.checked = true;
		}
		if (!focused) continue;
		const same = focused.id && document.getElementById(focused.id);
		(same || part.querySelectorAll(CONTROLS)[place] || part.closest('section').querySelector('h2')).focus();
	}
}

async function load(url, options) {
	try {
		const response = await fetch(url, options);
		show(await response.text());
		offline.hidden = true;
		return response.ok;
	} catch {
		offline.hidden = false;
		return false;
	}
}

document.addEventListener('submit', async (event) => {
	const form = event.target;
	event.preventDefault();
	const body = new URLSearchParams(new FormData(form, event.submitter));
	const sent = await load(form.action, { method: 'POST', body });
	if (sent && 'clear' in form.dataset) form.reset();
	const output = form.querySelector('output');
	if (output) output.value = sent ? 'Saved.' : '';
});

async function follow() {
	if (!document.hidden) await load('/');
	setTimeout(follow, EVERY_MS);
}
setTimeout(follow, EVERY_MS);
`;

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

/** Which part of a list is shown, and of how many. */
interface Part {
	part: 'first' | 'last';
	of: number;
}

/** A table that keeps itself up to date, with a remark where it leaves something out. */
export function liveTable(
	id: string,
	headings: string[],
	rows: unknown[][],
	empty: string,
	{ part, of }: Part = { part: 'last', of: rows.length },
): Html {
	return html`<div id="${id}" data-live>
		${table(headings, rows, empty)}
		${of > rows.length ? html`<p class="muted">The ${part} ${rows.length} of ${of}.</p>` : ''}
	</div>`;
}

/** A table, or a remark where it would have no rows. In a narrow window each row becomes a card with labelled lines. */
function table(headings: string[], rows: unknown[][], empty: string): Html {
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
