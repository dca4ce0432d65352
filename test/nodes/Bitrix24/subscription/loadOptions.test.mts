import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { getOtherEvents } from '../../../../nodes/Bitrix24/subscription/selectedEvents.js';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

const load = async (given: Parameters<typeof hookContext>[0]) =>
	await getOtherEvents(hookContext(given).context as unknown as ILoadOptionsFunctions);

function portalKnowing(...codes: string[]) {
	const portal = simulatedPortal();
	portal.simulator.events = codes;
	return portal;
}

describe('getOtherEvents', () => {
	it('lists what the portal knows beside the catalogue, each once, in alphabetical order', async () => {
		const portal = portalKnowing('onZebra', 'ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_31', 'ONAPPTEST', 'ONZEBRA');
		expect(await load({ portal, parameters: { authentication: 'oAuth2' } })).toEqual([
			{ name: 'ONAPPTEST', value: 'ONAPPTEST' },
			{ name: 'ONCRMDYNAMICITEMADD_31', value: 'ONCRMDYNAMICITEMADD_31' },
			{ name: 'ONZEBRA', value: 'ONZEBRA' },
		]);
	});

	it('does not list the older name of the lead-deleted event', async () => {
		expect(await load({ portal: portalKnowing('ONLEADDELETE', 'ONCRMLEADDELETE') })).toEqual([]);
	});

	it('lists nothing for an outgoing webhook, and asks nobody', async () => {
		const portal = portalKnowing('ONZEBRA');
		expect(await load({ portal, parameters: { authentication: 'outgoingWebhook' } })).toEqual([]);
		expect(portal.calls).toEqual([]);
	});

	it('says what to do without a credential', async () => {
		const loading = load({ credentials: {} });
		await expect(loading).rejects.toThrow(NodeOperationError);
		await expect(loading).rejects.toThrow('choose a Bitrix24 OAuth2 API credential that is connected');
	});

	it.each([
		[refused(403, 'insufficient_scope', ''), 'lacks a permission'],
		[result([7]), 'events answered in an unknown form'],
	])('says what to do when the portal does not tell (%#)', async (answer, words) => {
		const portal = simulatedPortal();
		portal.answers.set('events', answer);
		await expect(load({ portal })).rejects.toThrow(words);
	});
});
