import express from 'express';
import qs from 'qs';
import { startForEach } from './client.mjs';
import { listen } from '../../simulator/startSimulator.mjs';

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

/** Starts a handler that keeps what it is sent. */
export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	const application = express().use(express.text({ type: () => true }));
	const server = await listen(application, 0);
	const receiver = { url: `${server.url}/hook`, received, status: 200, stop: server.stop };
	application.post('/hook', (request, response) => {
		const body = String(request.body);
		const { 'user-agent': userAgent, 'content-type': contentType } = request.headers;
		received.push({ userAgent, contentType, body, form: qs.parse(body, { depth: 10 }) });
		response.status(receiver.status).send('thanks');
	});
	return receiver;
}

/** A fresh handler for every test of a file; read `.receiver` within the tests. */
export function useReceiver(): { receiver: Receiver } {
	const running = startForEach(startReceiver);
	return {
		get receiver() {
			return running();
		},
	};
}
