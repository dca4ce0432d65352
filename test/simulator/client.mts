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
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
		},
		body: JSON.stringify(params),
	});
	const body: unknown = await response.json();
	return { ...(typeof body === 'object' ? body : {}), status: response.status };
}

/** Rate limit that no test reaches by accident. */
const UNHURRIED = { perSecond: 1e6, burst: 1e6 };

/** A fresh portal for every test of a file; read `.sim` within the tests. */
export function useSimulator(options: SimulatorOptions = {}): { sim: Simulator } {
	const holder: { current?: Simulator } = {};
	beforeEach(async () => {
		holder.current = await startSimulator({ rate: UNHURRIED, deliveryDelay: 0, ...options });
	});
	afterEach(() => holder.current?.stop());
	return {
		get sim() {
			if (!holder.current) throw new Error('The simulator is there within tests only');
			return holder.current;
		},
	};
}
