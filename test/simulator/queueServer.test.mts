import { createServer, type Server, type ServerResponse } from 'node:http';
import { startSimulator, type Simulator } from '../../simulator/index.mjs';

/** A handler that answers when it is told to. */
let server: Server;
let open: ServerResponse[];
let sim: Simulator;
let most: number;

const until = async (condition: () => boolean): Promise<void> => {
	while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(async () => {
	open = [];
	most = 0;
	server = createServer((_request, response) => {
		open.push(response);
		most = Math.max(most, open.length);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	sim = await startSimulator({ deliveryDelay: 0, deliveryParallel: 2 });
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : 0;
	sim.outgoingWebhooks.add({ url: `http://127.0.0.1:${port}/`, events: ['ONCRMLEADDELETE'] });
});

afterEach(async () => {
	await sim.stop();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

describe('the queue server', () => {
	it('has no more deliveries under way than it is allowed', async () => {
		sim.leads.delete([1, 2, 3]);
		for (let answered = 0; answered < 3; answered++) {
			await until(() => open.length > 0);
			open.shift()?.end();
		}
		await sim.idle();
		expect([most <= 2, sim.deliveries.length]).toEqual([true, 3]);
	});

	it('is not idle while a handler has not answered', async () => {
		sim.leads.delete(1);
		await until(() => open.length > 0);
		let idle = false;
		const settled = sim.idle().then(() => (idle = true));
		await new Promise((resolve) => setImmediate(resolve));
		expect(idle).toBe(false);
		open[0]?.end();
		await settled;
	});

	it('breaks off what is under way and drops what waits when it is stopped', async () => {
		sim.leads.delete([1, 2, 3]);
		await until(() => open.length === 2);
		await sim.stop();
		expect(sim.deliveries).toMatchObject([{ status: null }, { status: null }]);
		sim = await startSimulator();
	});
});
