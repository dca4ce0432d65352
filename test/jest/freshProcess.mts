import { processState } from '../../nodes/Bitrix24/n8n/processState.js';

// Each test is a process of its own, as far as the package knows.
beforeEach(() => {
	for (const state of Object.values(processState)) state.clear();
});
