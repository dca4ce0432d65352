import type { AddressInfo } from 'node:net';

import express from 'express';

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
	const application = express().use(express.json());
	const server = application.listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
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
	application.post('/', (request, response) => {
		inbox.received.push(request.body);
		response.status(inbox.accepts(request.body) ? 200 : 500).json({});
	});
	return inbox;
}
