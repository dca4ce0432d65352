import { Html, html } from './html.mjs';
import { STYLE } from './style.mjs';

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
