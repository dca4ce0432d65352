import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/index.mjs';

/** An answer of the portal, whatever it holds. */
export interface Reply {
	status: number;
	result?: unknown;
	error?: string;
	error_description?: string;
	total?: number;
	next?: number;
	time?: Record<string, unknown>;
}

/** Calls one REST method with JSON. */
export type Call = (method: string, params?: Record<string, unknown>) => Promise<Reply>;

/** REST with the app's token of a user (by default the first, an administrator). */
export function clientFor(sim: Simulator, userId?: number): Call {
	const { accessToken } = sim.issueTokens(userId);
	return (method, params = {}) => post(`${sim.portalUrl}/rest/${method}.json`, params, accessToken);
}

/** Posts JSON and reads the JSON that comes back. */
export async function post(url: string, params: unknown, accessToken?: string): Promise<Reply> {
	const headers = new Headers({ 'Content-Type': 'application/json' });
	if (accessToken !== undefined) headers.set('Authorization', `Bearer ${accessToken}`);
	const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(params) });
	return { ...Object(await response.json()), status: response.status };
}

/** Starts something before every test of a file and stops it after. It is there within the tests only. */
export function startForEach<T extends { stop(): Promise<unknown> }>(start: () => Promise<T>): () => T {
	let running: T | undefined;
	beforeEach(async () => void (running = await start()));
	afterEach(() => running?.stop());
	return () => {
		if (!running) throw new Error('It runs within tests only');
		return running;
	};
}

/** Rate limit that no test reaches by accident. */
const UNHURRIED = { perSecond: 1e6, burst: 1e6 };

/** A fresh portal for every test of a file; read `.sim` within the tests. */
export function useSimulator(options: SimulatorOptions = {}): { sim: Simulator } {
	const running = startForEach(() => startSimulator({ rate: UNHURRIED, deliveryDelay: 0, ...options }));
	return {
		get sim() {
			return running();
		},
	};
}
