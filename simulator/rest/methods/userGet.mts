import type { SimulatedUser } from '../../portal/user.mjs';
import { type Method, page } from '../call.mjs';

/** `user.get`: the staff, or those with the given `ID`, 50 a page. Other filters and the order are not simulated. */
export const userGet: Method = {
	scope: ['user', 'user_basic', 'user_brief'],
	run({ portal, params }) {
		const wanted = params.has('id') ? [params.raw('id')].flat().map(String) : undefined;
		const found = portal.users.filter(({ id }) => wanted === undefined || wanted.includes(String(id)));
		return page(found, params.integer('start'), show);
	},
};

/** What the permission `user_brief` shows of a person. */
function show({ id, name, lastName }: SimulatedUser): Record<string, unknown> {
	return { ID: String(id), ACTIVE: true, NAME: name, LAST_NAME: lastName, SECOND_NAME: '', PERSONAL_GENDER: '' };
}
