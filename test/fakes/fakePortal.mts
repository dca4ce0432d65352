import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { BoundHandler } from './handlers.mjs';
import { bindHandler, unbindHandlers } from './handlers.mjs';
import type { PortalQueue } from './portalQueue.mjs';
import { portalQueue } from './portalQueue.mjs';

export type { BoundHandler };

/** Whose an access token is. */
type Owner = { app: IDataObject; profile?: IDataObject };

/** The request helpers of n8n that reach the portal, and what the test looks at afterwards. */
export interface FakePortal {
	/** What the portal is; a test changes it. */
	state: {
		knownEvents: string[];
		handlers: BoundHandler[];
		isInstalled: boolean;
		isAdministrator: unknown;
		/** What the plan includes, as `feature.get` says it. */
		features: { [code: string]: string };
		/** Event tokens that the portal accepts, and the app and the user that they belong to. */
		tokens: Map<string, Owner>;
	};
	/** Answers of a method that are not the usual ones. */
	answers: Map<string, { statusCode: number; headers?: IDataObject; body: unknown } | Error>;
	/**
	 * What goes wrong with which call, counted from 1: the portal refuses it, it does not arrive, or it is done and the
	 * answer does not arrive.
	 */
	troubles: Map<number, 'refused' | 'unheard' | 'unanswered'>;
	/** The queues of offline events. */
	queue: PortalQueue;
	/** Every call, in order. */
	calls: Array<{ url: string; method: string; parameters: IDataObject }>;
	callsOf(method: string): IDataObject[];
	helpers: {
		httpRequest(options: IHttpRequestOptions): Promise<unknown>;
		httpRequestWithAuthentication(type: string, options: IHttpRequestOptions): Promise<unknown>;
	};
}

export const ourApp = { ID: '17', CODE: 'local.5c8bb1b0917420.46123472' };

/** A portal behind n8n's request helpers: it keeps handlers, and answers as PROTOCOL and documentation say. */
export function fakePortal(): FakePortal {
	const state: FakePortal['state'] = {
		knownEvents: ['ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMLEADDELETE', 'ONCRMDEALADD', 'ONCRMDYNAMICITEMADD_1220'],
		handlers: [],
		isInstalled: true,
		isAdministrator: true,
		features: { rest_offline_extended: 'Y', rest_auth_connector: 'Y' },
		tokens: new Map(),
	};
	const answers: FakePortal['answers'] = new Map();
	const calls: FakePortal['calls'] = [];
	const queue = portalQueue();
	const troubles: FakePortal['troubles'] = new Map();

	function answerOrFail(options: IHttpRequestOptions, token: string | null): unknown {
		const trouble = troubles.get(calls.length + 1);
		if (trouble === undefined) return answer(options, token);
		if (trouble === 'unanswered') answer(options, token);
		else calls.push(callOf(options));
		if (trouble === 'refused') return refused(403, 'ACCESS_DENIED', 'Access denied!');
		throw new Error('read ECONNRESET');
	}

	function answer(options: IHttpRequestOptions, token: string | null): unknown {
		const call = callOf(options);
		const { method, parameters } = call;
		calls.push(call);
		const special = answers.get(method);
		if (special instanceof Error) throw special;
		if (special) return { headers: {}, ...special };
		const owner: Owner | undefined = token === null ? { app: ourApp } : state.tokens.get(token);
		if (!owner) return refused(401, 'NO_AUTH_FOUND', 'Wrong authorization data');
		switch (method) {
			case 'app.info':
				return result({ ...owner.app, INSTALLED: state.isInstalled });
			case 'profile':
				return result(owner.profile ?? { ID: '1', ADMIN: state.isAdministrator, NAME: 'Ada', LAST_NAME: 'Lovelace' });
			case 'events':
				return result(state.knownEvents);
			case 'event.get':
				return result(state.handlers);
			case 'event.bind':
				if (!state.knownEvents.concat('ONAPPTEST').includes(String(parameters.event))) {
					return refused(400, 'ERROR_EVENT_NOT_FOUND', 'Event not found');
				}
				return bindHandler(state.handlers, parameters)
					? result(true)
					: refused(400, 'ERROR_CORE', 'Unable to set event handler: Handler already binded');
			case 'event.unbind':
				return result({ count: unbindHandlers(state.handlers, parameters) });
			case 'event.test':
				return result(1);
			case 'feature.get':
				return result({ value: state.features[String(parameters.CODE)] });
			case 'event.offline.get':
				return result(queue.get(parameters));
			case 'event.offline.list':
				return result(queue.list(parameters));
			case 'event.offline.clear':
				return result(queue.clear(parameters));
			case 'event.offline.error':
				return result(queue.putAside(parameters));
			default:
				return refused(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
		}
	}

	return {
		state,
		answers,
		troubles,
		queue,
		calls,
		callsOf: (method) => calls.filter((call) => call.method === method).map(({ parameters }) => parameters),
		helpers: {
			httpRequest: async (options) => answerOrFail(options, String((options.body as IDataObject).auth)),
			httpRequestWithAuthentication: async (_type, options) => answerOrFail(options, null),
		},
	};
}

function callOf({ url, body }: IHttpRequestOptions): FakePortal['calls'][number] {
	const method = /\/rest\/(.+)\.json/.exec(url)?.[1] ?? '';
	return { url, method, parameters: body as IDataObject };
}

export function result(value: unknown): { statusCode: number; headers: IDataObject; body: unknown } {
	return { statusCode: 200, headers: {}, body: { result: value, time: { start: 1, finish: 2 } } };
}

export function refused(
	statusCode: number,
	error: string,
	description: string,
): { statusCode: number; headers: IDataObject; body: unknown } {
	return { statusCode, headers: {}, body: { error, error_description: description } };
}
