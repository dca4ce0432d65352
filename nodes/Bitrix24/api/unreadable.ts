import type { Failure } from './failure';

/**
 * Why an answer in another form than the documented one is of no use.
 *
 * @param method the method that was called
 */
export function unreadable(method: string): Failure {
	return { status: 200, code: 'UNREADABLE_ANSWER', description: `${method} answered in an unknown form` };
}
