import type { Express } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** A web server on 127.0.0.1. */
export interface Listening {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** Closes it, and every connection to it. */
	stop(): Promise<void>;
}

/** @param port 0 for any that is free */
export async function listen(application: Express, port: number): Promise<Listening> {
	const server = createServer(application).listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
