import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { OfflineRecord } from '../../simulator/index.mjs';
import { portalInProcess } from '../../simulator/index.mjs';

/** A handler as `event.get` lists it: at a URL, or in a queue. */
export type BoundHandler = {
	event: string;
	handler?: string;
	auth_type?: string;
	connector_id?: string;
	offline: number;
};

type Answer = { statusCode: number; headers?: IDataObject; body: unknown };

/** The request helpers of n8n in front of a simulated portal, and what a test looks at afterwards. */
export type SimulatedPortal = ReturnType<typeof simulatedPortal>;

/** The app of the credential in `credentials.mts`. */
export const ourApp = { id: 17, code: 'local.5c8bb1b0917420.46123472', clientId: 'local.5c8bb1b0917420.46123472' };

/** A portal that never says "too fast". */
export function simulatedPortal() {
	let reservations = 0;
	const simulator = portalInProcess({
		app: ourApp,
		newProcessId: () => `process-${++reservations}`,
		users: [{ id: 1, name: 'Ada', lastName: 'Lovelace', admin: true }],
		rate: { perSecond: 1, burst: Infinity },
	});
	simulator.events = [
		...['ONAPPTEST', 'ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMLEADDELETE', 'ONCRMDEALADD'],
		'ONCRMDYNAMICITEMADD_1220',
	];
	let token = { accessToken: simulator.issueTokens().accessToken, issuedAt: Date.now() };
	/** Answers of something that stands in front of the portal, by method. */
	const answers = new Map<string, Answer | Error>();
	/**
	 * What goes wrong with which call, counted from 1: the portal refuses it, it does not arrive, or it is done and the
	 * answer does not arrive.
	 */
	const troubles = new Map<number, 'refused' | 'unheard' | 'unanswered'>();
	/** Every call, in order. */
	const calls: Array<{ url: string; method: string; parameters: IDataObject }> = [];
	/** Renewed as n8n does it: a token lives for an hour. */
	function authorization(): string {
		if (Date.now() - token.issuedAt > 3_000_000) {
			token = { accessToken: simulator.issueTokens().accessToken, issuedAt: Date.now() };
		}
		return `Bearer ${token.accessToken}`;
	}
	const ours = { appId: ourApp.id, minTimeout: 1 };

	async function answer(options: IHttpRequestOptions, authorization?: string): Promise<Answer> {
		const { url, body } = options;
		const call = { url, method: /\/rest\/(.+)\.json/.exec(url)?.[1] ?? '', parameters: { ...(body as IDataObject) } };
		calls.push(call);
		const trouble = troubles.get(calls.length);
		if (trouble === 'refused') return refused(403, 'ACCESS_DENIED', 'Access denied!');
		if (trouble === 'unheard') throw new Error('read ECONNRESET');
		const given = answers.get(call.method);
		if (given instanceof Error) throw given;
		if (given !== undefined) return { headers: {}, ...given };
		const request = { url, params: call.parameters, ...(authorization === undefined ? {} : { authorization }) };
		const { status, location, body: answered } = await simulator.request(request);
		if (trouble === 'unanswered') throw new Error('read ECONNRESET');
		return { statusCode: status, headers: location === undefined ? {} : { location }, body: answered };
	}

	return {
		simulator,
		answers,
		troubles,
		calls,
		callsOf: (method: string) => calls.filter((call) => call.method === method).map(({ parameters }) => parameters),
		/** The app's handlers, as `event.get` lists them. */
		handlers: (): BoundHandler[] => simulator.handlers(),
		/** Binds what an earlier activation, or a person, has left. */
		bind(...handlers: BoundHandler[]) {
			for (const { event, handler: url = '', auth_type: userId = '0', connector_id: connector = '' } of handlers) {
				simulator.handlerStore.add({ ...ours, event, url, userId: Number(userId), connector });
			}
		},
		/** Makes an access token of a user of the app, or of another app, as an event brings it. */
		acceptToken(token: string, { userId = 1, ofOtherApp = false } = {}) {
			const appId = ofOtherApp ? simulator.otherApp.id : ourApp.id;
			simulator.tokenStore.adopt(token, { appId, userId });
		},
		/** Sets what the plan includes, as `feature.get` says it. */
		include({ rest_offline_extended: extended = 'Y', rest_auth_connector: connector = 'Y' }) {
			simulator.plan = { rest: true, offlineExtended: extended === 'Y', authConnector: connector === 'Y' };
		},
		/** What lies in the queues, in the order in which it was queued. */
		records: (): OfflineRecord[] => simulator.queue.records(),
		/** Something happens to leads, whoever listens. Returns the ids of the records. */
		queue: (leads: readonly number[], { event = 'ONCRMLEADDELETE', connector = '' } = {}) =>
			leads.map((lead) =>
				simulator.queue.add({ appId: ourApp.id, connector, event, data: { FIELDS: { ID: lead } }, by: 1 }),
			),
		/** Puts everything aside that waits in a queue. */
		failAll(connector = '') {
			const key = { appId: ourApp.id, connector };
			const waiting = simulator.queue.list(key).filter(({ processId }) => processId === '');
			const processId = simulator.queue.reserve(key, false, { matches: () => true, limit: waiting.length });
			reservations -= 1;
			const messages = waiting.map(({ messageId }) => messageId);
			simulator.queue.fail(key, processId, messages);
		},
		helpers: {
			httpRequest: async (options: IHttpRequestOptions): Promise<unknown> => await answer(options),
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions): Promise<unknown> =>
				await answer(options, authorization()),
		},
	};
}

/** What a method returns, as the portal answers it. */
export function result(value: unknown): Answer {
	return { statusCode: 200, headers: {}, body: { result: value, time: { start: 1, finish: 2 } } };
}

/** An error, as the portal answers it. */
export function refused(statusCode: number, error: string, description: string): Answer {
	return { statusCode, headers: {}, body: { error, error_description: description } };
}
