import qs from 'qs';
import { type Method, page, Params, RestError } from '../call.mjs';
import { isoDate } from '../../basics.mjs';
import { eventsInScope } from '../../events.mjs';
import type { SimulatedUser } from '../../portal.mjs';

const MAX_COMMANDS = 50;

/** `batch {halt, cmd: {name: "method?query"}}`: runs up to 50 methods as one call. */
const batch: Method = ({ params, run }) => {
	const commands = Object.entries(params.record('cmd'));
	if (commands.length > MAX_COMMANDS) throw RestError.argument(`Max batch length exceeded ${MAX_COMMANDS}`);
	const answers = [];
	for (const [name, command] of commands) {
		const [method = '', query = ''] = String(command).split(/\?(.*)/s);
		const answer = run(method.toLowerCase(), qs.parse(query, { depth: 10 }));
		answers.push({ name, ...answer });
		if (answer.status !== 200 && params.integer('halt') === 1) break;
	}
	const done = answers.filter(({ status }) => status === 200);
	const part = (key: string) =>
		Object.fromEntries(done.flatMap(({ name, body }) => (key in body ? [[name, body[key]]] : [])));
	return {
		result: part('result'),
		result_error: Object.fromEntries(
			answers.flatMap(({ name, status, body }) => (status === 200 ? [] : [[name, body]])),
		),
		result_total: part('total'),
		result_next: part('next'),
		result_time: part('time'),
	};
};

/** Methods that need no permission of their own, and `user.get`. */
export const commonMethods: Record<string, Method> = {
	batch,
	profile: ({ user }) => ({
		ID: String(user.id),
		ADMIN: user.admin,
		NAME: user.name,
		LAST_NAME: user.lastName,
		PERSONAL_GENDER: '',
		TIME_ZONE: '',
	}),
	/** `events`: the codes that this caller can bind. */
	events: (call) => eventsInScope(call.portal.events, call.scope),
	scope: (call) => [...call.scope],
	'server.time': ({ portal }) => isoDate(portal.clock.now()),
	/** `feature.get`: whether the plan has a feature. */
	'feature.get'({ portal, params }) {
		const code = params.text('code');
		if (code === '') throw new RestError(400, 'CODE_EMPTY', "CODE can't be empty");
		const enabled = {
			rest_offline_extended: portal.plan.offlineExtended,
			rest_auth_connector: portal.plan.authConnector,
		};
		return { value: Object.entries(enabled).some(([name, on]) => name === code && on) ? 'Y' : 'N' };
	},
	/** `app.info`, outside an app 403 `ACCESS_DENIED`. */
	'app.info'({ app }) {
		if (!app) throw RestError.denied('Application context required');
		return {
			ID: app.id,
			CODE: app.code,
			VERSION: 1,
			STATUS: app.status,
			INSTALLED: app.installed,
			PAYMENT_EXPIRED: 'N',
			DAYS: null,
			LANGUAGE_ID: 'en',
			LICENSE: 'com_pro100',
			LICENSE_TYPE: 'pro100',
			LICENSE_FAMILY: 'pro',
		};
	},
	/**
	 * `user.get`: the staff, or those with the given `ID` (itself, or in `FILTER`), 50 a page. Other filters and the order are
	 * not simulated.
	 */
	'user.get'({ portal, params }) {
		const given = params.raw('id') ?? new Params(params.record('filter')).raw('id');
		const wanted = given === undefined ? undefined : [given].flat().map(String);
		const found = portal.users.filter(({ id }) => wanted === undefined || wanted.includes(String(id)));
		return page(found, params.integer('start'), showUser);
	},
};

/** What the permission `user_brief` shows of a person. */
function showUser({ id, name, lastName }: SimulatedUser): Record<string, unknown> {
	return { ID: String(id), ACTIVE: true, NAME: name, LAST_NAME: lastName, SECOND_NAME: '', PERSONAL_GENDER: '' };
}
