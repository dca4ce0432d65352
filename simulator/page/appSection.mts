import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';

/** The app's card: what a credential needs, and the two things that are set here. */
export function appSection({ app, portalUrl, authorizationServer }: Portal): Html {
	const facts = {
		'Portal URL': portalUrl,
		'Authorization server': authorizationServer,
		'Client ID': app.clientId,
		'Client secret': app.clientSecret,
		Permissions: app.scope.join(', '),
	};
	return html`<dl>
			${Object.entries(facts).map(
				([name, value]) =>
					html`<dt>${name}</dt>
						<dd><code>${value}</code></dd>`,
			)}
		</dl>
		<form method="post" action="/app">
			<label class="wide"
				>Your handler path
				<input
					type="text"
					name="redirectUri"
					value="${app.redirectUri}"
					placeholder="n8n: the credential's OAuth Redirect URL"
				/>
			</label>
			<label
				><input type="checkbox" name="installed" ${app.installed ? 'checked' : ''} /> installation is complete</label
			>
			<button>Save</button>
			<output></output>
		</form>`;
}
