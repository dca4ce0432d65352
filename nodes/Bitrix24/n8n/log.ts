import type { IAllExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';

import { toNodeError } from './nodeError';

/** Writes lines to the log of n8n. */
export interface Log {
	/** For the end of what has been logged. */
	info(message: string): void;
	/** For what may pass, or has passed, by itself. */
	warn(message: string): void;
	/** For what somebody has to mend: a trigger's failed execution appears in n8n's list of executions. */
	report(error: unknown): void;
}

/** The part of n8n's contexts that lines are logged with. */
export type LogContext = Pick<IAllExecuteFunctions, 'logger' | 'getNode'> & {
	getWorkflow(): { id?: string };
	saveFailedExecution?: ITriggerFunctions['saveFailedExecution'];
};

/** The one place that makes log lines: each says which node of which workflow it is about. */
export function createLog(context: LogContext): Log {
	const { logger } = context;
	const node = context.getNode();
	const kind = node.type.endsWith('bitrix24QueueTrigger') ? 'Bitrix24 Queue Trigger' : 'Bitrix24 Trigger';
	const line = (message: string) => `${kind} "${node.name}" in workflow ${context.getWorkflow().id}: ${message}`;
	return {
		info: (message) => logger.info(line(message)),
		warn: (message) => logger.warn(line(message)),
		report(error) {
			const nodeError = toNodeError(node, error);
			logger.error(line(nodeError.message));
			// n8n 1.x has no way to save it.
			if (typeof context.saveFailedExecution === 'function') context.saveFailedExecution(nodeError);
		},
	};
}

const hostName = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+(?::\d{1,5})?$/i;

/**
 * The portal that a delivery names, fit for a log: a sender can write anything there.
 *
 * @param domain `auth.domain` as delivered
 */
export function portalForLog(domain: string | undefined): string {
	return domain !== undefined && domain.length <= 253 && hostName.test(domain) ? domain : 'an unnamed sender';
}
