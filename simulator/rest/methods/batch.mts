import qs from 'qs';
import { type Method, RestError } from '../call.mjs';

const MAX_COMMANDS = 50;

/** `batch {halt, cmd: {name: "method?query"}}`: runs up to 50 methods as one call. */
export const batch: Method = {
	run({ params, run }) {
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
	},
};
