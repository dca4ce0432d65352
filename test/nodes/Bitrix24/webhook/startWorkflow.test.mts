import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import { parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import type { TriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { startWorkflow } from '../../../../nodes/Bitrix24/webhook/startWorkflow.js';
import { openVerifier } from '../../../../nodes/Bitrix24/webhook/verifier.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { formOf, leadDeleted } from '../../../fakes/delivery.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const credentials = {
	bitrix24OAuth2Api: connectedApp,
	bitrix24OutgoingWebhookApi: { applicationToken: secrets.applicationToken, portalUrl: '' },
};

async function execute(changes: Partial<TriggerSettings> = {}, isSample = false, event = 'ONCRMLEADDELETE') {
	const portal = simulatedPortal();
	portal.acceptToken(secrets.eventAccessToken);
	const settings: TriggerSettings = {
		authentication: 'oAuth2',
		events: [],
		simplify: true,
		includeUser: false,
		ignoreUserIds: new Set(),
		includeRecord: false,
		recordFields: [],
		maxAgeMinutes: 0,
		testWith: 'sample',
		...changes,
	};
	const { context } = webhookContext({ credentials, portal });
	const delivered = parseEvent(parseForm(formOf(leadDeleted({ event }))) ?? {});
	if (delivered === null) throw new Error('The test delivers no event');
	const response = await startWorkflow(
		context,
		delivered,
		settings,
		await openVerifier(context, settings, delivered),
		isSample,
	);
	const [[item] = []] = response.workflowData ?? [];
	return { response, json: item?.json, portal };
}

describe('startWorkflow', () => {
	it('starts the workflow with one item, and lets n8n answer', async () => {
		const { response, portal } = await execute();
		expect(response).toEqual({ workflowData: [[{ json: expect.objectContaining({ id: 1000983, isTest: false }) }]] });
		expect(portal.calls).toEqual([]);
	});

	it('gives the payload as Bitrix24 names it where the user wants it raw', async () => {
		const { json, portal } = await execute({ simplify: false });
		expect(json).toMatchObject({ event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: '1000983' } }, isTest: false });
		expect(json).not.toHaveProperty('userName');
		expect(json).not.toHaveProperty('record');
		expect(portal.calls).toEqual([]);
	});

	it.each([true, false])('leaves room for the record where the user wants it (simplified: %p)', async (simplify) => {
		const { json, portal } = await execute({ simplify, includeRecord: true });
		expect(json).toMatchObject({ record: null });
		expect(portal.calls).toEqual([]);
	});

	it.each([true, false])('says of a sample that it is a test (simplified: %p)', async (simplify) => {
		expect((await execute({ simplify }, true)).json).toMatchObject({ isTest: true });
	});

	it.each([true, false])('says of the event that tests cause that it is one (simplified: %p)', async (simplify) => {
		expect((await execute({ simplify }, false, 'ONAPPTEST')).json).toMatchObject({ isTest: true });
	});

	it.each([true, false])('adds who did it where the user wants it (simplified: %p)', async (simplify) => {
		const { json, portal } = await execute({ simplify, includeUser: true });
		expect(json).toMatchObject({ event: 'ONCRMLEADDELETE', userName: 'Ada Lovelace', userIsAdmin: true });
		expect(portal.calls).toEqual([
			{
				url: 'https://some-domain.bitrix24.com/rest/profile.json',
				method: 'profile',
				parameters: { auth: secrets.eventAccessToken },
			},
		]);
	});

	it('has no names for an outgoing webhook, which cannot ask', async () => {
		const { json, portal } = await execute({ authentication: 'outgoingWebhook', includeUser: true });
		expect(json).toMatchObject({ id: 1000983, userName: null, userIsAdmin: null });
		expect(portal.calls).toEqual([]);
	});
});
