import { parseArgs } from 'node:util';
import type { Simulator } from './simulator.mjs';
import { startSimulator } from './startSimulator.mjs';

const USAGE = `A simulated Bitrix24 portal.

  npm run simulator -- [options]

  --port N                 the portal's port (default 8024)
  --authorization-port N   the authorization server's port (default 8025)
  --client-id ID           the app's client id (default: a new one each time)
  --client-secret SECRET   likewise
  --redirect-url URL       "Your handler path" of the app: n8n's OAuth Redirect URL
  --delay MS               from an event to its delivery (default 1000, as in reality)
  --help
`;

function readOptions() {
	return parseArgs({
		options: {
			port: { type: 'string', default: '8024' },
			'authorization-port': { type: 'string', default: '8025' },
			'client-id': { type: 'string' },
			'client-secret': { type: 'string' },
			'redirect-url': { type: 'string', default: '' },
			delay: { type: 'string', default: '1000' },
			help: { type: 'boolean', default: false },
		},
	}).values;
}

function describe({ portalUrl, authorizationServer, app }: Simulator): string {
	const redirect =
		app.redirectUri || `not set yet: enter n8n's OAuth Redirect URL at ${portalUrl}/ or by --redirect-url`;
	return `A simulated Bitrix24 portal is up (a simulation: no real Bitrix24 is involved).

  Portal, and its page   ${portalUrl}/
  Authorization server   ${authorizationServer}
  Client ID              ${app.clientId}
  Client secret          ${app.clientSecret}
  Redirect URL           ${redirect}

Ctrl+C stops it.
`;
}

async function main(): Promise<void> {
	const options = readOptions();
	if (options.help) {
		process.stdout.write(USAGE);
		return;
	}
	const sim = await startSimulator({
		port: Number(options.port),
		authorizationPort: Number(options['authorization-port']),
		consentPage: true,
		deliveryDelay: Number(options.delay),
		app: {
			redirectUri: options['redirect-url'],
			...(options['client-id'] === undefined ? {} : { clientId: options['client-id'] }),
			...(options['client-secret'] === undefined ? {} : { clientSecret: options['client-secret'] }),
		},
	});
	process.stdout.write(describe(sim));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sim.stop());
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
