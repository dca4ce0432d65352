import { NodeOperationError } from 'n8n-workflow';

import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { given, learning } from '../../../fakes/deliver.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

function portalThat(change: (portal: SimulatedPortal['simulator']) => void): SimulatedPortal {
	const portal = simulatedPortal();
	change(portal.simulator);
	return portal;
}

function portalRefusing(method: string, answer: ReturnType<typeof refused>): SimulatedPortal {
	const portal = simulatedPortal();
	portal.answers.set(method, answer);
	return portal;
}

const planWithoutRest = refused(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans');
const missingScope = refused(403, 'insufficient_scope', 'The request requires higher privileges');
const notConnected = { bitrix24OAuth2Api: { ...connectedApp, oauthTokenData: undefined } };

const refusals: Array<[name: string, given: Parameters<typeof hookContext>[0], what: RegExp, remedy: RegExp]> = [
	[
		"the app's installation is not complete",
		{ portal: portalThat(({ app }) => (app.installed = false)) },
		/installation in Bitrix24 is not complete/,
		/tick "Uses API only" and save/,
	],
	[
		'the user is no administrator',
		{ portal: portalThat(({ users }) => users.forEach((user) => (user.admin = false))) },
		/not an administrator/,
		/Let an administrator/,
	],
	[
		'Bitrix24 will not call the URL',
		{ url: 'http://localhost:5678/webhook/1' },
		/can not reach this n8n at http:\/\/localhost:5678/,
		/WEBHOOK_URL/,
	],
	['n8n has no URL', { url: null }, /has no webhook URL/, /Save the workflow/],
	[
		'the portal does not know the event',
		{ parameters: { events: ['ONCRMLEADDELETED'] } },
		/does not know ONCRMLEADDELETED\. .*ONCRMLEADDELETE/,
		/correct its code/,
	],
	[
		'the app lacks the permission for the event',
		{ parameters: { events: ['ONUSERADD'] } },
		/lacks the permission "user"/,
		/add the permission to the app/,
	],
	[
		'the app lacks a scope',
		{ portal: portalRefusing('events', missingScope) },
		/lacks a permission/,
		/add the permission/,
	],
	['the plan has no REST', { portal: portalRefusing('app.info', planWithoutRest) }, /plan does not include/, /upgrade/],
	['nothing is selected', { parameters: { events: [] } }, /No event is selected/, /Choose at least one/],
	[
		'there is no credential',
		{ credentials: {} },
		/missing or can not be read/,
		/choose a Bitrix24 OAuth2 API credential/,
	],
	['the credential is not connected', { credentials: notConnected }, /is not connected yet/, /Connect my account/],
	[
		'the portal refuses to bind',
		{ portal: portalRefusing('event.bind', refused(400, 'ERROR_WRONG_HANDLER_URL', '')) },
		/does not accept this n8n's webhook URL/,
		/WEBHOOK_URL/,
	],
];

describe('create', () => {
	it.each(refusals)('refuses, with the whole advice in its message, when %s', async (_name, changes, what, remedy) => {
		const { context, portal, staticData } = hookContext({ credentials: given, ...changes });
		const thrown: unknown = await create(context).catch((error: unknown) => error);
		if (!(thrown instanceof NodeOperationError)) throw new Error('It did not refuse');
		expect(thrown.message).toMatch(what);
		expect(thrown.message).toMatch(remedy);
		expect(thrown.description).toMatch(remedy);
		expect([portal.handlers(), staticData]).toEqual([[], {}]);
		const shown = JSON.stringify([thrown.message, thrown.description]);
		for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
	});

	it('refuses when the portal will not send the test event', async () => {
		const portal = portalRefusing('event.test', refused(403, 'user_access_error', ''));
		const activating = create(hookContext({ portal, credentials: learning }).context);
		await expect(activating).rejects.toThrow('may not use this Bitrix24 app');
	});

	it('refuses when the portal does not say that it sends the test event', async () => {
		const portal = portalRefusing('event.test', { statusCode: 200, headers: {}, body: { result: 7 } });
		const activating = create(hookContext({ portal, credentials: learning }).context);
		await expect(activating).rejects.toThrow('event.test answered in an unknown form');
	});
});
