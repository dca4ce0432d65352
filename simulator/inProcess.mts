import { createPortal, type SimulatorOptions } from './createPortal.mjs';
import type { Reply } from './faults.mjs';
import type { Portal } from './portal/portal.mjs';
import { answerRest } from './rest/handleRest.mjs';
import { controls, type Controls } from './simulator.mjs';

/** A REST request in process. */
export interface Request {
	url: string;
	/** The value of the Authorization header. */
	authorization?: string;
	params: Record<string, unknown>;
}

/** A portal in this process: nothing listens, and what it would deliver goes nowhere. */
export interface PortalInProcess extends Portal, Controls {
	/**
	 * Answers a REST request, by the same code as the server.
	 * @returns the body parsed where it is JSON
	 * @throws Error where a fault leaves the request without an answer, named as the network does
	 */
	request(request: Request): Promise<{ status: number; location: string | undefined; body: unknown }>;
}

/** Makes a portal without a server. It needs no end. */
export function portalInProcess(options: SimulatorOptions & { portalUrl?: string } = {}): PortalInProcess {
	const portal = createPortal({ deliveryDelay: 0, ...options });
	portal.portalUrl = options.portalUrl ?? 'https://some-domain.bitrix24.com';
	portal.domain = options.domain ?? new URL(portal.portalUrl).host;
	portal.authorizationServer = 'https://oauth.bitrix.info';
	portal.faults.deliveries = 'lost';
	return Object.assign(portal, {
		...controls(portal),
		async request({ url, authorization, params }: Request) {
			const path = new URL(url).pathname.replace(/^\/rest/, '');
			const reply = await new Promise<Reply>((resolve, reject) => {
				answerRest(portal, { source: 'here', path, authorization, params }, resolve).catch(reject);
			});
			if (reply.status === 0) throw new Error(reply.error === 'reset' ? 'read ECONNRESET' : 'ETIMEDOUT');
			return { status: reply.status, location: reply.location, body: parse(reply.body) };
		},
	});
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
