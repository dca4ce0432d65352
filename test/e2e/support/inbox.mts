import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import getPort from 'get-port';
import { z } from 'zod';

import type { WorkflowNode } from '../../../host/index.mjs';

/** A service that a workflow reports to, on a port of its own. */
export interface Inbox {
	/** What arrived, in the order in which it did. */
	received: Array<Record<string, unknown>>;
	/** Decides about what arrives: false is answered 500. Accepts everything at first. */
	accepts(item: Record<string, unknown>): boolean;
	/** A node that posts each item here. */
	node: WorkflowNode;
	stop(): Promise<void>;
}

/** Starts an inbox on 127.0.0.1. */
export async function startInbox(): Promise<Inbox> {
	const server = createServer((request, response) => {
		void json(request).then((body) => {
			const item = z.record(z.unknown()).parse(body);
			inbox.received.push(item);
			response.writeHead(inbox.accepts(item) ? 200 : 500, { 'Content-Type': 'application/json' }).end('{}');
		});
	});
	const port = await getPort({ host: '127.0.0.1' });
	await once(server.listen(port, '127.0.0.1'), 'listening');
	const parameters = {
		method: 'POST',
		url: `http://127.0.0.1:${port}/`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ JSON.stringify($json) }}',
	};
	const inbox: Inbox = {
		received: [],
		accepts: () => true,
		node: { name: 'Report', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters },
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return inbox;
}
