import type { N8nProcess } from '../../../../host/index.mjs';

/** Whether a worker has begun an execution, by what it logs. */
export function hasBegun(worker: N8nProcess, executionId: string): boolean {
	return worker.log().includes(`Worker started execution ${executionId} `);
}

/** Whether a worker has brought an execution to its end, by what it logs. */
export function hasFinished(worker: N8nProcess, executionId: string): boolean {
	return worker.log().includes(`Worker finished execution ${executionId} `);
}
