import { createServer } from 'node:http';
import type { Request, Response } from 'express';
import express from 'express';

import { parseBody } from './parseBody.mjs';

/** Whatever receives what is posted to a webhook URL. */
export type Receiver = (request: Request, response: Response, isTest: boolean) => Promise<void>;

/** n8n's web server, as far as it receives webhooks. */
export interface WebhookServer {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** Settles when nothing is being received: a webhook may go on working after it has answered. */
	idle(): Promise<void>;
	stop(): Promise<void>;
}

/** Serves `/webhook/...` and `/webhook-test/...` on 127.0.0.1. */
export async function webhookServer(receive: Receiver): Promise<WebhookServer> {
	const application = express();
	const working = new Set<Promise<void>>();
	application.post(/^\/webhook(-test)?\//, parseBody, async (request, response) => {
		const work = receive(request, response, request.path.startsWith('/webhook-test/'));
		working.add(work);
		await work.finally(() => working.delete(work));
	});
	const server = createServer(application);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('The web server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		async idle() {
			while (working.size > 0) await Promise.all(working);
		},
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
