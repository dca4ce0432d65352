import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line to a server, which can be made slow or broken. */
export interface Line {
	port: number;
	/** Lets everything arrive so much later from now on, in both directions. */
	delay(milliseconds: number): void;
	/** Breaks every connection, and lets nobody through until it is mended. */
	cut(): void;
	mend(): void;
	stop(): Promise<void>;
}

/** Opens a line on 127.0.0.1 that leads to a port there, as fast as that is. */
export async function openLine(to: number): Promise<Line> {
	const sockets = new Set<Socket>();
	let [delay, isCut] = [0, false];
	const carry = (from: Socket, onward: Socket) => {
		sockets.add(from);
		let last = Promise.resolve();
		from.on('data', (chunk) => {
			const arrival = delay === 0 ? null : sleep(delay);
			last = Promise.all([last, arrival]).then(() => void onward.write(chunk));
		});
		from.on('error', () => onward.destroy());
		from.on('close', () => {
			sockets.delete(from);
			void last.then(() => onward.destroy());
		});
	};
	const server = createServer((near) => {
		if (isCut) return void near.destroy();
		const far = connect(to, '127.0.0.1');
		carry(near, far);
		carry(far, near);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const hangUp = () => sockets.forEach((socket) => socket.destroy());
	return {
		port: (server.address() as AddressInfo).port,
		delay: (milliseconds) => (delay = milliseconds),
		cut() {
			isCut = true;
			hangUp();
		},
		mend: () => (isCut = false),
		async stop() {
			hangUp();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
