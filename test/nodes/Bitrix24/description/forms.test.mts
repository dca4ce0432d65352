import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { Bitrix24Trigger } from '../../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { events } from '../../../../nodes/Bitrix24/description/eventFields.js';
import { queueOptions, queuePanel, queueReading } from '../../../../nodes/Bitrix24/description/queueTriggerFields.js';
import { authentication, triggerOptions, triggerPanel } from '../../../../nodes/Bitrix24/description/triggerFields.js';
import { eventCatalogue } from '../../../../nodes/Bitrix24/event/catalogue.js';
import { defaults } from '../../../../nodes/Bitrix24/settings/defaults.js';
import { formValues, shownHints } from '../../../fakes/formValues.mjs';

const { description } = new Bitrix24Trigger();
const form = (given: INodeParameters) => formValues(description.properties, given, description);

/** The values that a list of options offers. */
function choices({ options = [] }: Partial<INodeProperties> = {}): unknown[] {
	return options.map((option) => ('value' in option ? option.value : option.name));
}

const everyOption = {
	ignoreUserIds: '7',
	includeRecord: true,
	includeUser: true,
	maxAgeMinutes: 5,
	recordFields: 'id, title',
	testWith: 'realEvent',
};

describe('the form of Bitrix24 Trigger', () => {
	it('listens for deleted leads by OAuth2 unless the user says otherwise', () => {
		expect(form({})).toEqual({
			authentication: 'oAuth2',
			events: ['ONCRMLEADDELETE'],
			otherEvents: [],
			simplify: true,
			options: {},
		});
	});

	it('says how to register an outgoing webhook by hand, and only then', () => {
		expect(form({ authentication: 'outgoingWebhook' })).toHaveProperty('outgoingWebhookNotice');
		expect(form({ authentication: 'oAuth2' })).not.toHaveProperty('outgoingWebhookNotice');
		const notice = authentication.find(({ name }) => name === 'outgoingWebhookNotice');
		expect(notice).toMatchObject({ type: 'notice', displayName: expect.stringMatching(/Production URL above/) });
	});

	it('offers the catalogue under readable names, and loads the rest from the portal', () => {
		const [catalogue, others] = events;
		expect(catalogue).toMatchObject({ displayName: 'Trigger On', name: 'events', type: 'multiOptions' });
		expect(catalogue?.options).toEqual(
			eventCatalogue.map(({ name, code }) => ({ name, value: code, description: expect.stringContaining(code) })),
		);
		expect(catalogue?.options).toEqual(
			expect.arrayContaining([
				{ name: 'Lead Deleted', value: 'ONCRMLEADDELETE', description: 'ONCRMLEADDELETE' },
				expect.objectContaining({
					value: 'ONTASKCOMMENTDELETE',
					description: 'ONTASKCOMMENTDELETE. Never sent by a portal that has the new task card.',
				}),
			]),
		);
		expect(others).toMatchObject({
			displayName: 'Other Event Names or IDs',
			name: 'otherEvents',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getOtherEvents' },
		});
	});

	it('offers every option for an app, and for an outgoing webhook none that needs access to the portal', () => {
		expect(choices(triggerOptions[0])).toEqual(Object.keys(everyOption));
		expect(form({ options: everyOption }).options).toEqual(everyOption);
		expect(form({ authentication: 'outgoingWebhook', options: everyOption }).options).toEqual({ maxAgeMinutes: 5 });
	});

	it('takes no maximum age below zero, and tests with a sample or a real event', () => {
		const added = triggerOptions[0]?.options ?? [];
		expect(added.find(({ name }) => name === 'maxAgeMinutes')).toMatchObject({ typeOptions: { minValue: 0 } });
		expect(choices(added.find(({ name }) => name === 'testWith'))).toEqual(['sample', 'realEvent']);
	});

	it.each<[string, INodeParameters, RegExp[]]>([
		['every event that an app gets', { events: ['ONAPPINSTALL', 'ONTASKCOMMENTADD'] }, []],
		['a code by expression', { events: 'onTaskCommentUpdate' }, [/new task card/]],
		['a task comment that is deleted', { events: [], otherEvents: ['ONTASKCOMMENTDELETE'] }, [/new task card/]],
		['the event of the queue', { events: ['ONOFFLINEEVENT'] }, [/Queue Trigger reads the queue by itself/]],
		['an outgoing webhook', { authentication: 'outgoingWebhook', events: ['ONCRMLEADDELETE'] }, []],
		...['ONAPPUPDATE', 'ONIMBOTMESSAGEADD', 'ONIMCOMMANDADD', 'ONCRMDEALMOVETOCATEGORY'].map(
			(code): [string, INodeParameters, RegExp[]] => [
				`${code} of an outgoing webhook`,
				{ authentication: 'outgoingWebhook', events: ['ONCRMLEADDELETE', code] },
				[/An outgoing webhook never gets/],
			],
		),
	])('warns in the editor of events that may never arrive: %s', (_name, given, warnings) => {
		expect(shownHints(description, given)).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
	});

	it('tells in the editor what to do before anything has arrived', () => {
		expect(description.triggerPanel).toBe(triggerPanel);
		expect(triggerPanel).toMatchObject({
			executionsHelp: { inactive: expect.stringMatching(/listen/), active: expect.stringMatching(/is active/) },
			activationHint: expect.stringMatching(/activate/),
		});
	});
});

describe('Bitrix24 Queue Trigger', () => {
	const { description } = new Bitrix24QueueTrigger();
	const form = (given: INodeParameters) => formValues(description.properties, given, description);
	const field = (name: string) =>
		[...queueReading, ...(queueOptions[0]?.options ?? [])].find((one) => one.name === name);

	/** The values that a list of options offers. */
	function choices(name: string): unknown[] {
		const { options = [] } = field(name) as INodeProperties;
		return options.map((option) => ('value' in option ? option.value : option.name));
	}

	const everyOption = {
		ignoreUserIds: '7',
		includeRecord: true,
		includeUser: true,
		maxAttempts: 5,
		queueName: 'leads',
		recordFields: 'id, title',
		retryErrors: true,
		whenStopped: 'unsubscribe',
	};

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

		it.each([
			['afterSuccess', everyOption],
			['afterFinish', { ...everyOption, maxAttempts: undefined }],
			['onReceipt', { ...everyOption, maxAttempts: undefined }],
		])('offers every option, and no attempts where there are none (%s)', (acknowledge, options) => {
			expect(form({ acknowledge, options: everyOption }).options).toEqual(options);
		});

		it('says what nobody would guess: pausing counts as success, and stopping n8n as stopping', () => {
			expect(field('acknowledge')).toMatchObject({
				description: expect.stringMatching(/pauses \(Wait node\) counts as/),
			});
			expect(field('whenStopped')).toMatchObject({
				description: expect.stringMatching(/n8n does not tell .* or n8n itself/),
			});
		});

		it.each<[INodeParameters, RegExp[]]>([
			[{}, []],
			[{ queueName: 'leads-to-slack' }, [/share their events/]],
			[{ whenStopped: 'unsubscribe' }, [/events are missed/]],
			[{ queueName: '', whenStopped: 'keepCollecting' }, []],
		])('warns in the editor of what %j means for the events', (options, warnings) => {
			const shown = shownHints(description, { options });
			expect(shown).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
		});

		it('tells in the editor that a test takes nothing', () => {
			expect(description.triggerPanel).toBe(queuePanel);
			expect(JSON.stringify(queuePanel)).toMatch(/shows what waits in the queue and takes nothing from it/);
		});
	});
});

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
