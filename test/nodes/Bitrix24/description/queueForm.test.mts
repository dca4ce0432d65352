import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { events } from '../../../../nodes/Bitrix24/description/eventFields.js';
import { queueOptions, queuePanel, queueReading } from '../../../../nodes/Bitrix24/description/queueTriggerFields.js';
import { formValues } from '../../../fakes/formValues.mjs';

const { description } = new Bitrix24QueueTrigger();
const form = (given: INodeParameters) => formValues(description.properties, given, description);
const field = (name: string) => [...queueReading, ...(queueOptions[0]?.options ?? [])].find((one) => one.name === name);

/** The values that a list of options offers. */
function choices(name: string): unknown[] {
	const { options = [] } = field(name) as INodeProperties;
	return options.map((option) => ('value' in option ? option.value : option.name));
}

const everyOption = { maxAttempts: 5, queueName: 'leads', retryErrors: true, whenStopped: 'unsubscribe' };

describe('the form of Bitrix24 Queue Trigger', () => {
	it('is a trigger under the name that workflows know, by OAuth2 only', () => {
		expect(description).toMatchObject({
			displayName: 'Bitrix24 Queue Trigger',
			name: 'bitrix24QueueTrigger',
			group: ['trigger'],
			inputs: [],
			outputs: ['main'],
			credentials: [{ name: 'bitrix24OAuth2Api', required: true }],
		});
	});

	it('is made of events, of how the queue is read, and of options', () => {
		expect(description.properties).toEqual([...events, ...queueReading, ...queueOptions]);
	});

	it('reads deleted leads, and loses nothing, unless the user says otherwise', () => {
		expect(form({})).toEqual({
			events: ['ONCRMLEADDELETE'],
			otherEvents: [],
			simplify: true,
			checkEvery: 30,
			batchSize: 100,
			execution: 'perBatch',
			acknowledge: 'afterSuccess',
			options: {},
		});
	});

	it.each([
		['execution', ['perBatch', 'perEvent']],
		['acknowledge', ['afterSuccess', 'afterFinish', 'onReceipt']],
		['whenStopped', ['keepCollecting', 'unsubscribe']],
	])('offers for %s %j', (name, values) => {
		expect(choices(name)).toEqual(values);
	});

	it.each([
		['checkEvery', { minValue: 5 }],
		['batchSize', { minValue: 1, maxValue: 1000 }],
		['maxAttempts', { minValue: 1 }],
	])('bounds %s by %j', (name, typeOptions) => {
		expect(field(name)).toMatchObject({ type: 'number', typeOptions });
	});

	it('has in the options that a user adds what counts without them', () => {
		const defaults = Object.keys(everyOption).map((name) => (field(name) as INodeProperties).default);
		expect(defaults).toEqual([3, '', false, 'keepCollecting']);
		expect(form({ options: everyOption }).options).toEqual(everyOption);
	});

	it.each(['afterFinish', 'onReceipt'])('offers no attempts where there are none (%s)', (acknowledge) => {
		const others = { ...everyOption, maxAttempts: undefined };
		expect(form({ acknowledge, options: everyOption }).options).toEqual(others);
	});

	it('says what nobody would guess: pausing counts as success, and stopping n8n as stopping', () => {
		expect(field('acknowledge')).toMatchObject({
			description: expect.stringMatching(/pauses \(Wait node\) counts as/),
		});
		expect(field('whenStopped')).toMatchObject({
			description: expect.stringMatching(/n8n does not tell .* or n8n itself/),
		});
	});

	it('tells in the editor that a test takes nothing', () => {
		expect(description.triggerPanel).toBe(queuePanel);
		expect(JSON.stringify(queuePanel)).toMatch(/shows what waits in the queue and takes nothing from it/);
	});
});
