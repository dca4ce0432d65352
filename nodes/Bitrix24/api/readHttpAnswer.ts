import { z } from 'zod';

import type { HttpAnswer } from './transport';

const fullResponse = z.object({
	statusCode: z.number(),
	headers: z.object({ location: z.string().optional().catch(undefined) }).catch({}),
	body: z.unknown().optional(),
});

/**
 * Reads what n8n's request helpers return with `returnFullResponse`.
 *
 * @throws when it is no full response, which n8n's contract rules out
 */
export function readHttpAnswer(response: unknown): HttpAnswer {
	const { statusCode, headers, body } = fullResponse.parse(response);
	return { status: statusCode, location: headers.location ?? null, body: body === undefined ? null : body };
}
