import type { INodeProperties, NodeHint } from 'n8n-workflow';

import { caveatsOf, eventCatalogue, offlineEventCode, oldTaskCardEvents } from '../event/catalogue';

/** Lets a workflow that writes back to Bitrix24 not start itself. */
export const ignoreUserIds = {
	displayName: 'Ignore User IDs',
	name: 'ignoreUserIds',
	type: 'string',
	default: '',
	placeholder: 'e.g. 7, 12',
	description:
		'IDs of people, separated by commas: what they do does not start the workflow. For a workflow that writes back to Bitrix24: with the ID of the account that it writes with, it does not start itself.',
} satisfies INodeProperties;

/** Which events start the workflow. */
export const events: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options: eventCatalogue.map(({ name, code }) => ({
			name,
			value: code,
			description: [code, ...caveatsOf(code)].join('. '),
		})),
		default: ['ONCRMLEADDELETE'],
	},
	{
		displayName: 'Other Event Names or IDs',
		name: 'otherEvents',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getOtherEvents' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

/** Adds the record that an event is about. */
export const includeRecord = {
	displayName: 'Include Record',
	name: 'includeRecord',
	type: 'boolean',
	default: false,
	description:
		'Whether to add the lead, deal, contact, company, task or other record that was added or changed, as it is now. Personal data in it is stored with the executions of n8n.',
} satisfies INodeProperties;

/** Limits what of the record is stored. */
export const recordFields = {
	displayName: 'Record Fields',
	name: 'recordFields',
	type: 'string',
	default: '',
	placeholder: 'e.g. title, lastName, fm',
	description:
		'With Include Record: the fields to keep, separated by commas. What is not named is not stored. Empty: all fields.',
} satisfies INodeProperties;

/** A condition of a hint: one of these events is chosen, in either list. By expression a list can be a single code. */
export function isChosen(codes: readonly string[]): string {
	const chosen = '[].concat($parameter["events"], $parameter["otherEvents"])';
	return `${chosen}.some((code) => ${JSON.stringify(codes)}.includes(String(code).toUpperCase()))`;
}

/** What the editor warns of while events are chosen that may never arrive. */
export const eventHints: NodeHint[] = [
	{
		message:
			'Portals that have the new task card never send that a task comment was updated or deleted, only that one was added.',
		type: 'warning',
		displayCondition: `={{ ${isChosen(oldTaskCardEvents)} }}`,
		whenToDisplay: 'always',
		location: 'outputPane',
	},
	{
		message:
			'"Offline Event Queued" says only that the queue of this app has something. Bitrix24 Queue Trigger reads the queue by itself: choose there what happened to what.',
		type: 'warning',
		displayCondition: `={{ ${isChosen([offlineEventCode])} }}`,
		whenToDisplay: 'always',
		location: 'outputPane',
	},
];
