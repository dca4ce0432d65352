import { z } from 'zod';

import type { Delivery, Simulator } from '../../../../simulator/index.mjs';
import type { Inbox } from '../inbox.mjs';

const payload = z.object({ data: z.object({ FIELDS: z.object({ ID: z.coerce.number() }) }) });

const inOrder = (ids: number[]) => ids.sort((a, b) => a - b);

/** Deletes leads, all at once, and returns their ids. */
export function deleteLeads({ leads }: Simulator, count: number): number[] {
	const ids = leads
		.list()
		.slice(0, count)
		.map(({ ID }) => Number(ID));
	leads.delete(ids);
	return ids;
}

/** The leads that a workflow has reported, as often as it has, in the order of their ids. */
export function reported({ received }: Inbox): number[] {
	return inOrder(received.map(({ leadId }) => Number(leadId)));
}

/** The leads whose deliveries were answered in a way that `pick` accepts, in the order of their ids. */
export function delivered({ deliveries }: Simulator, pick: (status: Delivery['status']) => boolean): number[] {
	return inOrder(deliveries.flatMap(({ status, form }) => (pick(status) ? [payload.parse(form).data.FIELDS.ID] : [])));
}

/** Every delivery that was not answered with 200, and what came instead. */
export function refusals({ deliveries }: Simulator): string[] {
	return deliveries.flatMap(({ status, answer, error, form }) =>
		status === 200 ? [] : [`lead ${payload.parse(form).data.FIELDS.ID}: ${status ?? error} ${answer}`],
	);
}
