import type { INodeProperties } from 'n8n-workflow';

import { eventCatalogue } from '../event/catalogue';

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
		options: eventCatalogue.map(({ name, code }) => ({ name, value: code, description: code })),
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
