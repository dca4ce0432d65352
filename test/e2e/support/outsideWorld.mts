import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import express from 'express';

/** A request that n8n would have sent to the internet. */
export interface CaughtRequest {
	method: string;
	/** The host that it was meant for, e.g. `slack.com`. */
	host: string;
	/** Without the query. */
	path: string;
	query: Record<string, unknown>;
	/** The body, parsed where it is JSON. */
	body: unknown;
}

/** What a host of the internet would answer, as JSON. */
export type Answering = (request: CaughtRequest) => { status?: number; body: unknown };

/** Stands in for the internet. */
export interface OutsideWorld {
	/** What n8n asked, in the order in which it did. */
	caught: CaughtRequest[];
	/** Settings of an n8n that lives in this world. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

/** Opens an internet in which every host answers what `answering` says. */
export async function openOutsideWorld(answering: Answering): Promise<OutsideWorld> {
	const caught: CaughtRequest[] = [];
	const application = express().use(express.json(), express.text({ type: () => true }));
	application.use((request, response) => {
		const { method, path, query, body } = request;
		const asked = { method, host: request.get('x-meant-for') ?? '', path: decodeURIComponent(path), query, body };
		caught.push(asked);
		const answer = answering(asked);
		response.status(answer.status ?? 200).json(answer.body);
	});
	const server = application.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	return {
		caught,
		env: {
			OUTSIDE_WORLD: `http://127.0.0.1:${port}`,
			NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'divertHttps.mts')).href}`,
		},
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
