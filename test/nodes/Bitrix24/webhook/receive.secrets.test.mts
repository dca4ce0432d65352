import { challengeOf } from '../../../fakes/challenge.mjs';
import { deliver, given, learning, outgoing } from '../../../fakes/deliver.mjs';
import { appAuth, leadDeleted, testEvent, webhookAuth } from '../../../fakes/delivery.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { formRequest } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const canaries = Object.entries(secrets).flatMap(([name, value]) => (name === 'note' ? [] : [value]));
const wrong = { ...appAuth, application_token: secrets.otherApplicationToken };
const acceptsEventToken = () => {
	const portal = simulatedPortal();
	portal.acceptToken(secrets.eventAccessToken);
	return portal;
};
const refusesEverything = () => {
	const portal = simulatedPortal();
	for (const method of ['app.info', 'event.unbind']) portal.answers.set(method, refused(403, 'ACCESS_DENIED', 'no'));
	return portal;
};
const dataWithTokens = {
	BOT: { AUTH: appAuth },
	TEXT: `see ${secrets.eventAccessToken}`,
	ID: secrets.applicationToken,
};

describe('receive', () => {
	it.each([
		['starts a workflow', { payload: leadDeleted() }, 1],
		['starts a workflow with the raw payload', { payload: leadDeleted(), parameters: { simplify: false } }, 1],
		['starts a workflow with tokens in its data', { payload: leadDeleted({ data: dataWithTokens }) }, 1],
		['has raw tokens', { payload: leadDeleted({ data: dataWithTokens }), parameters: { simplify: false } }, 1],
		['names a user', { payload: leadDeleted(), parameters: { options: { includeUser: true } } }, 1],
		['is not selected', { payload: leadDeleted({ event: 'ONCRMLEADADD' }) }, 0],
		['is refused', { payload: leadDeleted({ auth: wrong }) }, 0],
		['is of another portal', { payload: leadDeleted({ auth: { ...appAuth, member_id: 'x' } }) }, 0],
		[
			'is of another portal by name',
			{ payload: leadDeleted({ auth: { ...wrong, domain: secrets.applicationToken } }) },
			0,
		],
		['teaches the token', { payload: testEvent(challengeOf('learn')), credentials: learning }, 0],
		['proves itself', { payload: leadDeleted(), credentials: learning, portal: acceptsEventToken() }, 1],
		['can not prove itself', { payload: leadDeleted(), credentials: learning, portal: refusesEverything() }, 0],
		[
			'teaches the token while the portal refuses everything',
			{ payload: testEvent(challengeOf('learn')), credentials: learning, portal: refusesEverything() },
			0,
		],
		['is a sample', { payload: testEvent(challengeOf('sample')), credentials: learning, mode: 'manual' as const }, 1],
		['is no event', { request: formRequest(`auth[application_token]=${secrets.applicationToken}`) }, 0],
		['finds no credential', { payload: leadDeleted(), credentials: {} }, 0],
		[
			'is of an outgoing webhook',
			{
				payload: leadDeleted({ auth: webhookAuth }),
				credentials: outgoing,
				parameters: { authentication: 'outgoingWebhook' },
			},
			1,
		],
	])('gives no secret away when a delivery %s', async (_name, changes, started) => {
		const { items, answers, log, staticData } = await deliver({ credentials: given, ...changes });
		expect(items).toHaveLength(started);
		const seen = JSON.stringify([items, answers, log, staticData]);
		for (const canary of canaries) expect(seen).not.toContain(canary);
	});

	it('logs why a delivery is refused, and which portal it names', async () => {
		expect((await deliver({ payload: leadDeleted({ auth: wrong }) })).log).toEqual([
			`Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: rejected a delivery of some-domain.bitrix24.com (INVALID_APPLICATION_TOKEN): its application token is not the credential's (reinstalling an app changes it).`,
		]);
		expect((await deliver({ request: formRequest('') })).log).toEqual([
			'Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: rejected a delivery of an unnamed sender (INVALID_EVENT): it is not an event.',
		]);
		expect((await deliver({ payload: leadDeleted(), parameters: { options: { maxAgeMinutes: 1 } } })).log).toEqual([
			'Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: rejected a delivery of some-domain.bitrix24.com (EXPIRED_EVENT): it is too old, or from the future.',
		]);
	});
});
