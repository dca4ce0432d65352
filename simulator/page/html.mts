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

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 0 1rem 3rem; color: #1b2733 }
header { background: #fff4d6; border-left: .4rem solid #e0a100; padding: .4rem 1rem; margin: 1rem 0 }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #dde3e8; padding: .3rem .5rem; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere } code, pre { font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
button, .button { background: #1769c2; color: #fff; border: 0; border-radius: .3rem; padding: .35rem .9rem; font: inherit; cursor: pointer; text-decoration: none }
.quiet { background: #e8edf2; color: #1b2733 } .muted { color: #66727e } input[type=text] { font: inherit; padding: .25rem .4rem }
`;

/** A whole page. */
export function layout(title: string, body: Html): string {
	return html`<!DOCTYPE html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>${title}</title>
				<style>
					${new Html(STYLE)}
				</style>
			</head>
			<body>
				<header>This is a <b>simulation</b> of a Bitrix24 portal. Nothing here reaches a real Bitrix24.</header>
				${body}
			</body>
		</html>`.markup;
}
