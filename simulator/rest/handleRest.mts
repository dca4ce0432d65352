import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { strike } from '../faults/strike.mjs';
import type { Portal } from '../portal/portal.mjs';
import { readAddress } from './address.mjs';
import { execute } from './execute.mjs';
import { LeakyBucket } from './leakyBucket.mjs';
import { readParams } from './readParams.mjs';
import { withoutSecrets } from './withoutSecrets.mjs';

const SAMPLE = { result: { process_id: null, events: [] } };

/** Answers everything below `/rest`, and logs it. */
export function handleRest(portal: Portal): RequestHandler {
	const bucket = new LeakyBucket(portal.clock);
	return async (request, response) => {
		const address = readAddress(request.path);
		const raw = readParams(request);
		const at = portal.clock.now();
		const outcome = await respond(portal, bucket, { address, raw }, request, response);
		portal.calls.push({ at, method: address.method, params: withoutSecrets(raw), ...outcome });
	};
}

async function respond(
	portal: Portal,
	bucket: LeakyBucket,
	call: { address: ReturnType<typeof readAddress>; raw: Record<string, unknown> },
	request: Request,
	response: Response,
): Promise<{ userId: number | null; status: number; error?: string }> {
	const planned = portal.faults.take(call.address.method);
	if (planned && planned.delayMs > 0) await sleep(planned.delayMs);
	if (planned?.strike !== undefined && planned.when === 'before') {
		return { userId: null, ...strike(portal, response, planned.strike, SAMPLE) };
	}
	let release = (): void => undefined;
	const answered = new Promise<void>((resolve) => (release = resolve));
	const { status, body, userId, error } = execute(portal, bucket, { ...call, request, answered });
	try {
		if (planned?.strike !== undefined) return { userId, ...strike(portal, response, planned.strike, body) };
		response.status(status).json(body);
		return { userId, status, ...(error === undefined ? {} : { error }) };
	} finally {
		release();
	}
}
