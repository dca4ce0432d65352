import type { PortalRecord } from './records.mjs';
import type { Portal, SimulatedUser } from '../portal.mjs';

/** CRM's kinds of records, by the `entityTypeId` of `crm.item.*`. Smart processes have ids of their own, from 128. */
export const entityTypes = { lead: 1, deal: 2, contact: 3, company: 4, quote: 7, smartInvoice: 31 } as const;

export interface FileField {
	fileId: number;
}

/** A record as somebody may see it: who asks, and the token that links to files carry. */
export interface Reader {
	user: SimulatedUser;
	token: string;
}

/** The records of a kind that a user may read, in the order of their ids. Undefined: there is no such kind. */
export function readableItems(portal: Portal, entityTypeId: number, user: SimulatedUser): PortalRecord[] | undefined {
	const records = portal.itemStores.get(entityTypeId)?.list();
	return records
		?.filter((record) => portal.mayRead(user, record, entityTypeId))
		.sort((one, other) => Number(one.ID) - Number(other.ID));
}

const multifields = new Set(['PHONE', 'EMAIL', 'WEB', 'IM']);

/**
 * A record as `crm.item.*` shows it: names in camel case (`LAST_NAME` is `lastName`), telephone numbers and the like
 * together in `fm`, and files as links of which one carries the reader's token.
 */
export function toItem(portal: Portal, record: PortalRecord, entityTypeId: number, reader: Reader) {
	const item: Record<string, unknown> = { id: Number(record.ID), entityTypeId };
	const fm: Array<Record<string, unknown>> = [];
	for (const [name, value] of Object.entries(record)) {
		if (name === 'ID') continue;
		if (multifields.has(name) && Array.isArray(value)) {
			for (const { VALUE, VALUE_TYPE } of value) {
				fm.push({ id: fm.length + 1, typeId: name, valueType: VALUE_TYPE ?? 'WORK', value: VALUE });
			}
		} else {
			item[camelCase(name)] = isFile(value) ? toLinks(portal, value, item, reader.token) : value;
		}
	}
	return fm.length > 0 ? { ...item, fm } : item;
}

function camelCase(name: string): string {
	return name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isFile(value: unknown): value is FileField {
	return typeof value === 'object' && value !== null && 'fileId' in value;
}

function toLinks(
	{ portalUrl }: Portal,
	{ fileId }: FileField,
	{ id, entityTypeId }: Record<string, unknown>,
	token: string,
) {
	const file = `ownerTypeId=${String(entityTypeId)}&ownerId=${String(id)}&fileId=${fileId}`;
	return {
		id: fileId,
		url: `${portalUrl}/bitrix/components/bitrix/crm.item.details/show_file.php?${file}`,
		urlMachine: `${portalUrl}/rest/crm.controller.item.getFile/?auth=${token}&token=crm%7C${fileId}&${file}`,
	};
}
