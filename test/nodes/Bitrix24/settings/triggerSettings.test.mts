import { readTriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';

/** Reads a form that holds these values and nothing else. */
const read = (values: { [name: string]: unknown }) =>
	readTriggerSettings({ getNodeParameter: (name, fallback) => (name in values ? values[name] : fallback) });
const option = (name: string, value: unknown) => read({ options: { [name]: value } });

describe('readTriggerSettings', () => {
	it('has the defaults of the form', () => {
		expect(read({})).toEqual({
			authentication: 'oAuth2',
			events: [],
			simplify: true,
			includeUser: false,
			maxAgeMinutes: 0,
			testWith: 'sample',
		});
	});

	it('reads what the user chose', () => {
		const values = {
			authentication: 'outgoingWebhook',
			events: ['ONCRMLEADDELETE'],
			otherEvents: ['ONCRMDYNAMICITEMADD_31'],
			simplify: false,
			options: { includeUser: true, maxAgeMinutes: 10, testWith: 'realEvent' },
		};
		expect(read(values)).toEqual({
			authentication: 'outgoingWebhook',
			events: ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_31'],
			simplify: false,
			includeUser: true,
			maxAgeMinutes: 10,
			testWith: 'realEvent',
		});
	});

	it.each([
		[10, 10],
		['10', 10],
		[0.5, 0.5],
		[0, 0],
		['', 0],
		[null, 0],
		[-1, NaN],
		['soon', NaN],
	])('reads a maximum age of %p as %p minutes', (value, minutes) => {
		expect(option('maxAgeMinutes', value).maxAgeMinutes).toBe(minutes);
	});

	it('takes the default for what an expression makes of another kind, and keeps the rest', () => {
		expect(
			read({ authentication: 'x', simplify: 'no', options: { includeUser: 'yes', maxAgeMinutes: 5 } }),
		).toMatchObject({
			authentication: 'oAuth2',
			simplify: true,
			includeUser: false,
			maxAgeMinutes: 5,
			testWith: 'sample',
		});
		expect(option('testWith', 'x').testWith).toBe('sample');
		expect(read({ options: null })).toMatchObject({ includeUser: false, maxAgeMinutes: 0, testWith: 'sample' });
	});
});
