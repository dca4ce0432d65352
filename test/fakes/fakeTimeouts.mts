import { sleep } from 'n8n-workflow';

/** Lets AbortSignal.timeout go by jest's fake timers, which do not reach it. Undone by jest.restoreAllMocks. */
export function fakeTimeouts(): void {
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
		const controller = new AbortController();
		void sleep(milliseconds).then(() => controller.abort());
		return controller.signal;
	});
}
