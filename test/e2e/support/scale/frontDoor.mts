import { createServer, type IncomingMessage, request, type RequestOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** The one public address of an n8n that consists of several processes, as a load balancer makes it. */
export interface FrontDoor {
	/** Without a trailing slash. */
	url: string;
	/** Decides who answers a path from now on. */
	route(pick: (path: string) => string): void;
	stop(): Promise<void>;
}

/** A connection for each request: one that is kept might be closed by n8n just when the next request goes out. */
const onward = ({ method, headers }: IncomingMessage): RequestOptions => ({ method, headers, agent: false });

/** Passes a request on, and answers 502 when nobody answers there, as load balancers do. */
function pass(to: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
	const asked = request(to, onward(incoming), (answer) => {
		outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(outgoing);
	});
	asked.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
	incoming.pipe(asked);
}

/** Passes the editor's line for progress on. */
function passLine(to: string, incoming: IncomingMessage, line: Duplex): void {
	const asked = request(to, onward(incoming)).end();
	asked.on('upgrade', ({ rawHeaders }, other) => {
		const headers = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
		line.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('')}\r\n`);
		line.pipe(other).pipe(line);
		other.on('error', () => line.destroy());
	});
	asked.on('error', () => line.destroy());
	line.on('error', () => asked.destroy());
}

/** Opens a front door on 127.0.0.1 that leads nowhere until it is told its routes. */
export async function openFrontDoor(): Promise<FrontDoor> {
	let pick: (path: string) => string = () => 'http://127.0.0.1:9';
	const to = ({ url = '/' }: IncomingMessage) => new URL(url, pick(url)).href;
	const server = createServer((incoming, outgoing) => pass(to(incoming), incoming, outgoing));
	server.on('upgrade', (incoming, line) => passLine(to(incoming), incoming, line));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		route: (chosen) => (pick = chosen),
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
