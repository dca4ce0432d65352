import { startReceiver, type Receiver } from './receiver.mjs';

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
