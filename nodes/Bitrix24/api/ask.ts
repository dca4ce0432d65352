import type { IDataObject } from 'n8n-workflow';
import type { ZodType, ZodTypeDef } from 'zod';

import { advise } from './advise';
import type { Portal } from './createPortal';
import { unreadable } from './unreadable';

/**
 * Calls a REST method and expects it to succeed.
 *
 * @param portal the portal to call
 * @param method as documented, `app.info`
 * @param parameters the method's parameters
 * @param result the form that the method's result must have
 * @throws Refusal when the portal refuses, does not answer, or answers something else
 */
export async function ask<T>(
	portal: Portal,
	method: string,
	parameters: IDataObject,
	result: ZodType<T, ZodTypeDef, unknown>,
): Promise<T> {
	const answer = await portal.call(method, parameters);
	if (!answer.ok) throw advise(answer.failure);
	const parsed = result.safeParse(answer.result);
	if (parsed.success) return parsed.data;
	throw advise(unreadable(method));
}
