import qs from 'qs';
import type { Answer } from './answer.mjs';
import { Params } from './params.mjs';
import { RestError } from './restError.mjs';

const MOST_COMMANDS = 50;

/**
 * `batch {halt, cmd: {name: "method?query"}}`: runs up to 50 methods as one call.
 * @param run runs one of them, as if it had been called by itself
 */
export function batch(raw: Record<string, unknown>, run: (method: string, raw: Record<string, unknown>) => Answer) {
	const params = new Params(raw);
	const commands = Object.entries(params.record('cmd'));
	if (commands.length > MOST_COMMANDS) throw RestError.argument(`Max batch length exceeded ${MOST_COMMANDS}`);
	const result: Record<'result' | 'result_error' | 'result_total' | 'result_next' | 'result_time', object> = {
		...{ result: {}, result_error: {}, result_total: {}, result_next: {}, result_time: {} },
	};
	const put = (part: keyof typeof result, name: string, value: unknown) => {
		if (value !== undefined) Object.assign(result[part], { [name]: value });
	};
	for (const [name, command] of commands) {
		const [method = '', query = ''] = String(command).split(/\?(.*)/s);
		const { status, body } = run(method, qs.parse(query, { depth: 10 }));
		if (status !== 200) {
			put('result_error', name, body);
			if (params.integer('halt') === 1) break;
			continue;
		}
		put('result', name, body.result);
		put('result_total', name, body.total);
		put('result_next', name, body.next);
		put('result_time', name, body.time);
	}
	return result;
}
