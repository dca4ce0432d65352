import { once } from 'node:events';

import { WebSocket } from 'ws';
import { z } from 'zod';

/** A line to the debugger of an n8n that was started with `inspectable`. */
export interface Debugger {
	/** MB that are in use on the heap once everything that nobody refers to is gone. */
	liveHeap(): Promise<number>;
	close(): void;
}

/** The setting with which a process lets its heap be looked at. @param port where its debugger listens */
export const inspectable = (port: number) => ({ NODE_OPTIONS: `--inspect=127.0.0.1:${port}` });

const targets = z.array(z.object({ webSocketDebuggerUrl: z.string() })).nonempty();
const answer = z.object({ id: z.number(), result: z.object({ usedSize: z.number().optional() }) });

/** Opens the line (Chrome DevTools Protocol, as Node.js speaks it). */
export async function openDebugger(port: number): Promise<Debugger> {
	const list = await fetch(`http://127.0.0.1:${port}/json/list`);
	const [{ webSocketDebuggerUrl }] = targets.parse(await list.json());
	const socket = new WebSocket(webSocketDebuggerUrl);
	await once(socket, 'open');
	let last = 0;

	async function ask(method: string): Promise<z.infer<typeof answer>['result']> {
		const id = ++last;
		socket.send(JSON.stringify({ id, method }));
		for (;;) {
			const [message] = await once(socket, 'message');
			const read = answer.safeParse(JSON.parse(String(message)));
			if (read.success && read.data.id === id) return read.data.result;
		}
	}

	return {
		async liveHeap() {
			await ask('HeapProfiler.collectGarbage');
			const { usedSize = NaN } = await ask('Runtime.getHeapUsage');
			return usedSize / 2 ** 20;
		},
		close: () => socket.close(),
	};
}
