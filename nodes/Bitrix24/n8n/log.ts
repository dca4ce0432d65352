import type { ITriggerFunctions } from 'n8n-workflow';

import { toNodeError } from './nodeError';

/** How the queue trigger tells what happens while nobody looks. */
export interface Log {
	/** For the end of what has been told. */
	info(message: string): void;
	/** For what may pass, or has passed, by itself. */
	warn(message: string): void;
	/** For what somebody has to mend: it appears in n8n's list of executions. */
	report(error: unknown): void;
}

/** @param context n8n's context of the trigger, in whose log each line says which workflow it is about */
export function createLog(context: ITriggerFunctions): Log {
	const { logger } = context;
	const say = (message: string) => `Bitrix24 Queue Trigger in workflow ${context.getWorkflow().id}: ${message}`;
	return {
		info: (message) => logger.info(say(message)),
		warn: (message) => logger.warn(say(message)),
		report(error) {
			const told = toNodeError(context.getNode(), error);
			logger.error(say(told.message));
			// n8n 1.x has no way to save it.
			if (typeof context.saveFailedExecution === 'function') context.saveFailedExecution(told);
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
