import { createServer } from 'node:http';
import type { Express } from 'express';

/** A web server that is up. */
export interface Listening {
	/** `http://127.0.0.1:PORT` */
	url: string;
	port: number;
	/** Closes it, and every connection to it. */
	stop(): Promise<void>;
}

/** Serves an application on 127.0.0.1. @param port 0 for any that is free */
export function listen(application: Express, port: number): Promise<Listening> {
	const server = createServer(application);
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			const bound = typeof address === 'object' && address ? address.port : port;
			const stop = (): Promise<void> =>
				new Promise((done) => {
					server.close(() => done());
					server.closeAllConnections();
				});
			resolve({ url: `http://127.0.0.1:${bound}`, port: bound, stop });
		});
	});
}
