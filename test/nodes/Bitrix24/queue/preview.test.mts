import { previewQueue } from '../../../../nodes/Bitrix24/queue/preview.js';
import { readQueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const own = { connector: 'n8n_workflow-1_node-1' };

async function shown(portal: ReturnType<typeof simulatedPortal>, parameters: { [name: string]: unknown } = {}) {
	const { context, emitted } = triggerContext({ portal, parameters, mode: 'manual' });
	await previewQueue(context, readQueueSettings(context));
	return emitted.map(({ items }) => items);
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('previewQueue', () => {
	it('shows what waits in the queue, and takes nothing from it', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8], own);
		portal.queue([9]);
		const before = JSON.stringify(portal.records());
		expect(await shown(portal)).toMatchObject([[{ leadId: 7 }, { leadId: 8 }]]);
		expect(JSON.stringify(portal.records())).toBe(before);
		expect(portal.handlers()).toEqual([]);
	});

	it('names the portal that it waits on', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { client_endpoint: portalEndpoint } = connectedApp.oauthTokenData;
		const { memberId: portalMemberId } = portal.simulator;
		expect(await shown(portal)).toMatchObject([[{ portalMemberId, portalEndpoint }]]);
	});

	it('shows the selected events only', async () => {
		const portal = simulatedPortal();
		portal.queue([7], { ...own, event: 'ONCRMLEADADD' });
		portal.queue([8], own);
		expect(await shown(portal)).toMatchObject([[{ leadId: 8 }]]);
	});

	it.each([true, false])('shows selected events behind 50 others (asked for together: %p)', async (takesLists) => {
		const portal = simulatedPortal();
		const sixty = Array.from({ length: 60 }, (_, index) => index + 100);
		portal.queue(sixty, { ...own, event: 'ONCRMDEALADD' });
		portal.queue([8], { ...own, event: 'ONCRMLEADADD' });
		portal.queue([9], own);
		const { httpRequestWithAuthentication: send } = portal.helpers;
		portal.helpers.httpRequestWithAuthentication = async (type, options) =>
			takesLists || !JSON.stringify(options.body).includes('[')
				? await send(type, options)
				: refused(400, 'ERROR_ARGUMENT', '');
		const events = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];
		expect(await shown(portal, { events })).toMatchObject([[{ leadId: 8 }, { leadId: 9 }]]);
	});

	it('shows records as Bitrix24 names them where the user wants it', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		expect(await shown(portal, { simplify: false })).toMatchObject([[{ ID: '1', EVENT_NAME: 'ONCRMLEADDELETE' }]]);
	});

	it('shows the queue that the user names', async () => {
		const portal = simulatedPortal();
		portal.queue([7], { connector: 'leads' });
		expect(await shown(portal, { options: { queueName: 'leads' } })).toMatchObject([[{ leadId: 7 }]]);
	});

	it.each([
		[
			'nothing waits',
			[{ event: 'ONCRMLEADDELETE', connector_id: own.connector, offline: 1 }],
			'Nothing waits in the queue at the moment. Make one of the selected events happen in Bitrix24, then test again. While the workflow is active it takes events from the queue itself, so there is little to see here.',
		],
		[
			'nothing is collected yet',
			[{ event: 'ONCRMLEADDELETE', connector_id: 'another', offline: 1 }],
			'Bitrix24 does not collect events for this workflow yet. Activate the workflow once. From then on Bitrix24 keeps its events, also while the workflow is off, and a test shows what waits.',
		],
	])('says so when %s', async (_, handlers, what) => {
		const portal = simulatedPortal();
		portal.bind(...handlers);
		await expect(shown(portal)).rejects.toThrow(what);
	});

	it('asks for an event where none is selected, before anything else', async () => {
		const portal = simulatedPortal();
		await expect(shown(portal, { events: [] })).rejects.toThrow('No event is selected.');
		expect(portal.calls).toEqual([]);
	});

	it('says what stands in the way', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.offline.list', refused(403, 'insufficient_scope', ''));
		await expect(shown(portal)).rejects.toThrow('The Bitrix24 app lacks a permission that this needs.');
	});

	it('does not keep a person waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.offline.list', new Error('read ECONNRESET'));
		const showing = expect(shown(portal)).rejects.toThrow('Bitrix24 did not answer');
		await jest.advanceTimersByTimeAsync(10_000);
		await showing;
		expect(portal.callsOf('event.offline.list')).toHaveLength(3);
	});
});
