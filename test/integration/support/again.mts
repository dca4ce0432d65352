import type { Delivery, Forgery } from '../../../simulator/index.mjs';

/** What `auth` of a delivery is changed by: undefined leaves a key out. */
export type AuthChanges = Record<string, unknown>;

/**
 * A delivery that the portal made, to be posted again, unchanged or altered by somebody who saw it.
 *
 * @param delivery from the portal's log, lost ones included
 */
export function again(delivery: Delivery | undefined, auth: AuthChanges = {}): Omit<Forgery, 'url'> {
	if (delivery === undefined) throw new Error('The portal has delivered nothing');
	const { form } = delivery;
	const sent = typeof form.auth === 'object' ? form.auth : {};
	return { event: delivery.event, data: form.data ?? {}, ts: String(form.ts), auth: { ...sent, ...auth } };
}
