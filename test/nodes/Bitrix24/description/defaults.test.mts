import type { INodeProperties } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { Bitrix24Trigger } from '../../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { defaults } from '../../../../nodes/Bitrix24/settings/defaults.js';

function defaultsOf(properties: readonly INodeProperties[]): Array<[name: string, value: unknown]> {
	return properties.flatMap((property) =>
		property.type === 'collection'
			? defaultsOf((property.options ?? []).filter((option): option is INodeProperties => 'type' in option))
			: [[property.name, property.default]],
	);
}

it.each([
	['Bitrix24 Trigger', new Bitrix24Trigger()],
	['Bitrix24 Queue Trigger', new Bitrix24QueueTrigger()],
])('the form of %s is preset to what counts where it has no value', (_name, { description: { properties } }) => {
	const preset = defaultsOf(properties).filter(([name]) => name in defaults);
	expect(preset.length).toBeGreaterThan(4);
	expect(preset).toEqual(preset.map(([name]) => [name, defaults[name as keyof typeof defaults]]));
});
