import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.mjs';

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
