import type { Delivery } from '../simulator/index.mjs';

/** Whether an item, simplified or not, is what the trigger put out for a delivery. */
export function isItemOf(item: Record<string, unknown>, { event, form }: Pick<Delivery, 'event' | 'form'>): boolean {
	const sentAt = new Date(Number(form.ts) * 1000).toISOString();
	if (item.event !== event || (item.sentAt !== sentAt && item.ts !== form.ts)) return false;
	const id = idIn(form.data);
	return id === undefined || id === String(item.id ?? idIn(item.data));
}

function idIn(data: unknown): string | undefined {
	const { ID } = Object(Object(data).FIELDS);
	return ID === undefined ? undefined : String(ID);
}
