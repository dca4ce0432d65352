import type { Params } from '../rest/params.mjs';

/** The portal's own currency. */
const CURRENCY = 'EUR';

/** The fields of a lead as the form names them, as REST names them. What was left empty is left out. */
export function readLead(params: Params): Record<string, unknown> {
	const [title, company, phone, value, owner] = ['title', 'company', 'phone', 'value', 'owner'].map((name) =>
		params.text(name),
	);
	return {
		TITLE: title,
		...(company && { COMPANY_TITLE: company }),
		...(phone && { PHONE: [{ VALUE: phone, VALUE_TYPE: 'WORK' }] }),
		...(value && { OPPORTUNITY: Number(value).toFixed(2), CURRENCY_ID: CURRENCY }),
		...(owner && { ASSIGNED_BY_ID: owner }),
	};
}
