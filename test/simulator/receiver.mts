import { createServer, type IncomingMessage } from 'node:http';
import qs from 'qs';

/** A request that a handler got. */
export interface Received {
	userAgent: string | undefined;
	contentType: string | undefined;
	/** The body as it came. */
	body: string;
	/** The body as PHP would read it. */
	form: Record<string, unknown>;
}

/** A handler of events, on a port of its own. */
export interface Receiver {
	url: string;
	received: Received[];
	/** What it answers, 200 at first. */
	status: number;
	stop(): Promise<void>;
}

async function read(request: IncomingMessage): Promise<Received> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	const body = Buffer.concat(chunks).toString('utf8');
	const { 'user-agent': userAgent, 'content-type': contentType } = request.headers;
	return { userAgent, contentType, body, form: qs.parse(body, { depth: 10 }) };
}

/** Starts a handler that keeps what it is sent. */
export async function startReceiver(): Promise<Receiver> {
	const receiver: Receiver = { url: '', received: [], status: 200, stop: () => Promise.resolve() };
	const server = createServer((request, response) => {
		void read(request).then((received) => {
			receiver.received.push(received);
			response.writeHead(receiver.status).end('thanks');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	receiver.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
	receiver.stop = () =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	return receiver;
}

/** A fresh handler for every test of a file; read `.receiver` within the tests. */
export function useReceiver(): { receiver: Receiver } {
	const holder: { current?: Receiver } = {};
	beforeEach(async () => {
		holder.current = await startReceiver();
	});
	afterEach(() => holder.current?.stop());
	return {
		get receiver() {
			if (!holder.current) throw new Error('The receiver is there within tests only');
			return holder.current;
		},
	};
}
