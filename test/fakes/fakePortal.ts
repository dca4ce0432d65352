import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

/** A handler as `event.get` lists it. */
export type BoundHandler = {
	event: string;
	handler?: string;
	auth_type?: string;
	connector_id?: string;
	offline: number;
};

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
		/** Event tokens that the portal accepts, and the app and the user that they belong to. */
		tokens: Map<string, Owner>;
	};
	/** Answers of a method that are not the usual ones. */
	answers: Map<string, { statusCode: number; headers?: IDataObject; body: unknown } | Error>;
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
		tokens: new Map(),
	};
	const answers: FakePortal['answers'] = new Map();
	const calls: FakePortal['calls'] = [];

	function answer({ url, body }: IHttpRequestOptions, token: string | null): unknown {
		const method = /\/rest\/(.+)\.json/.exec(url)?.[1] ?? '';
		const parameters = body as IDataObject;
		calls.push({ url, method, parameters });
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
				return bind(state, parameters);
			case 'event.unbind':
				return unbind(state, parameters);
			case 'event.test':
				return result(1);
			default:
				return refused(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
		}
	}

	return {
		state,
		answers,
		calls,
		callsOf: (method) => calls.filter((call) => call.method === method).map(({ parameters }) => parameters),
		helpers: {
			httpRequest: async (options) => answer(options, String((options.body as IDataObject).auth)),
			httpRequestWithAuthentication: async (_type, options) => answer(options, null),
		},
	};
}

function bind(state: FakePortal['state'], parameters: IDataObject): unknown {
	const event = String(parameters.event);
	const handler = String(parameters.handler);
	if (![...state.knownEvents, 'ONAPPTEST'].includes(event)) {
		return refused(400, 'ERROR_EVENT_NOT_FOUND', 'Event not found');
	}
	if (state.handlers.some((bound) => bound.event === event && bound.handler === handler)) {
		return refused(400, 'ERROR_CORE', 'Unable to set event handler: Handler already binded');
	}
	state.handlers.push({ event, handler, auth_type: '0', offline: 0 });
	return result(true);
}

function unbind(state: FakePortal['state'], { event, handler, auth_type: whose }: IDataObject): unknown {
	const stays = state.handlers.filter(
		(bound) => bound.event !== event || bound.handler !== handler || (whose !== undefined && bound.auth_type !== whose),
	);
	const count = state.handlers.length - stays.length;
	state.handlers = stays;
	return result({ count });
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
