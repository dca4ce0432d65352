import type { IDataObject } from 'n8n-workflow';

import type { Answer } from './failure';
import { nextAddress } from './nextAddress';
import { pauseBefore } from './pauseBefore';
import { readAnswer } from './readAnswer';
import type { Transport } from './transport';

/** A portal to call. */
export interface Portal {
	/**
	 * Calls a REST method, patiently: waits out the rate limit, repeats what got no answer, follows a renamed portal.
	 *
	 * @param method as documented, `event.bind`
	 * @param parameters the method's parameters
	 */
	call(method: string, parameters?: IDataObject): Promise<Answer>;
}

interface Options {
	/** The portal's address without a path, from the credential. */
	origin: string;
	transport: Transport;
	sleep: (milliseconds: number) => Promise<void>;
	/** Milliseconds since 1970. */
	now: () => number;
	/** How often a call may be repeated. */
	repeats: number;
	/** Milliseconds after which a call is repeated only for a reason that is sure to pass. Default: none. */
	patience?: number;
	/** Runs before each request, to keep the portal's rate. */
	beforeRequest?: () => Promise<void> | void;
}

// A renamed portal is one address further; a longer chain is a loop.
const mostRedirects = 3;

/** Makes a portal to call. The new address of a renamed portal is remembered as long as this object lives. */
export function createPortal({
	origin,
	transport,
	sleep,
	now,
	repeats,
	patience = Infinity,
	beforeRequest,
}: Options): Portal {
	let base = `${origin}/rest/`;

	async function post(method: string, parameters: IDataObject): Promise<Answer> {
		let url = `${base}${method}.json`;
		for (let redirects = 0; redirects <= mostRedirects; redirects++) {
			await beforeRequest?.();
			const reply = await transport(url, parameters);
			if (!reply.answered) return { ok: false, failure: reply.failure };
			const { status, location, body } = reply.answer;
			if (status < 300 || status > 399) return readAnswer(status, body);
			const next = nextAddress(url, location, method);
			if (next === null) break;
			({ url, base } = next);
		}
		return { ok: false, failure: { status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' } };
	}

	return {
		async call(method, parameters = {}) {
			const begun = now();
			for (let repeat = 0; ; repeat++) {
				const answer = await post(method, parameters);
				const time = now();
				const pause = answer.ok ? null : pauseBefore(repeat, answer.failure, time, time - begun < patience);
				if (pause === null || repeat >= repeats) return answer;
				await sleep(pause);
			}
		},
	};
}
