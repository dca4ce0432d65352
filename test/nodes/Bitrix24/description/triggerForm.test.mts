import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { Bitrix24Trigger } from '../../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { events } from '../../../../nodes/Bitrix24/description/eventFields.js';
import { authentication, triggerOptions, triggerPanel } from '../../../../nodes/Bitrix24/description/triggerFields.js';
import { eventCatalogue } from '../../../../nodes/Bitrix24/event/catalogue.js';
import { formValues } from '../../../fakes/formValues.mjs';

const { description } = new Bitrix24Trigger();
const form = (given: INodeParameters) => formValues(description.properties, given, description);

/** The values that a list of options offers. */
function choices({ options = [] }: Partial<INodeProperties> = {}): unknown[] {
	return options.map((option) => ('value' in option ? option.value : option.name));
}

const everyOption = { includeUser: true, maxAgeMinutes: 5, testWith: 'realEvent' };

describe('the form of Bitrix24 Trigger', () => {
	it('is made of authentication, events and options', () => {
		expect(description.properties).toEqual([...authentication, ...events, ...triggerOptions]);
	});

	it('listens for deleted leads by OAuth2 unless the user says otherwise', () => {
		expect(form({})).toEqual({
			authentication: 'oAuth2',
			events: ['ONCRMLEADDELETE'],
			otherEvents: [],
			simplify: true,
			options: {},
		});
	});

	it('offers the two ways in which Bitrix24 notifies', () => {
		expect(choices(authentication[0])).toEqual(['oAuth2', 'outgoingWebhook']);
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
			eventCatalogue.map(({ name, code }) => ({ name, value: code, description: code })),
		);
		expect(others).toMatchObject({
			displayName: 'Other Event Names or IDs',
			name: 'otherEvents',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getOtherEvents' },
		});
	});

	it('offers every option for an app', () => {
		expect(choices(triggerOptions[0])).toEqual(['includeUser', 'maxAgeMinutes', 'testWith']);
		expect(form({ options: everyOption }).options).toEqual(everyOption);
	});

	it('does not offer for an outgoing webhook what needs access to the portal', () => {
		expect(form({ authentication: 'outgoingWebhook', options: everyOption }).options).toEqual({ maxAgeMinutes: 5 });
	});

	it('does not offer a name for raw payloads', () => {
		expect(form({ simplify: false, options: everyOption }).options).toEqual({
			maxAgeMinutes: 5,
			testWith: 'realEvent',
		});
	});

	it('has nothing switched on in the options that a user adds', () => {
		const [options] = triggerOptions;
		const defaults = (options?.options ?? []).map((option) => ('default' in option ? option.default : undefined));
		expect(defaults).toEqual([false, 0, 'sample']);
	});

	it('takes no maximum age below zero, and tests with a sample or a real event', () => {
		const added = triggerOptions[0]?.options ?? [];
		expect(added.find(({ name }) => name === 'maxAgeMinutes')).toMatchObject({ typeOptions: { minValue: 0 } });
		expect(choices(added.find(({ name }) => name === 'testWith'))).toEqual(['sample', 'realEvent']);
	});

	it('tells in the editor what to do before anything has arrived', () => {
		expect(description.triggerPanel).toBe(triggerPanel);
		expect(triggerPanel).toMatchObject({
			executionsHelp: { inactive: expect.stringMatching(/listen/), active: expect.stringMatching(/is active/) },
			activationHint: expect.stringMatching(/activate/),
		});
	});
});
