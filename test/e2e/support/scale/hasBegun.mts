import type { N8nProcess } from '../../../../host/index.mjs';

/** Whether a worker has begun an execution, by what it logs. */
export function hasBegun(worker: N8nProcess, executionId: string): boolean {
	return worker.log().includes(`Worker started execution ${executionId} `);
}
