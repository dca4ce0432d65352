import { createRateLimiter } from '../../../../nodes/Bitrix24/api/rateLimiter.js';
import { readChallenge } from '../../../../nodes/Bitrix24/applicationToken/challenge.js';
import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { create, remove } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { challengeOf, ourTrigger } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { deliver, learning } from '../../../fakes/deliver.mjs';
import { appAuth, leadDeleted, testEvent } from '../../../fakes/delivery.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const byRobot = leadDeleted({ auth: { ...appAuth, access_token: undefined } });
const minute = 60_000;
const realNow = Date.now();

/** A trigger that does not know its token, on a portal, and the time. */
function unknowing(portal = simulatedPortal()) {
	const clock = jest.spyOn(Date, 'now').mockReturnValue(realNow);
	const staticData = {};
	return {
		portal,
		staticData,
		pass: (milliseconds: number) => void clock.mockReturnValue(Date.now() + milliseconds),
		async send(changes: Parameters<typeof deliver>[0] = {}) {
			const delivered = await deliver({ payload: byRobot, portal, staticData, credentials: learning, ...changes });
			await new Promise((resolve) => setTimeout(resolve, 5));
			return delivered;
		},
		questions: () => portal.callsOf('batch').length,
	};
}

afterEach(() => jest.restoreAllMocks());

describe('a delivery that nothing proves while the token is not known', () => {
	it('makes the trigger ask for it, by one request, is refused, and stores nothing', async () => {
		const { portal, staticData, send } = unknowing();
		portal.bind({ event: 'ONCRMLEADDELETE', handler: productionUrl, offline: 0 });
		const { answers, items } = await send();
		expect([answers[0]?.status, items, staticData]).toEqual([403, [], {}]);
		expect(portal.calls.map(({ method }) => method)).toEqual(['batch']);
		expect(portal.handlers().map(({ event, handler }) => [event, handler])).toEqual([
			['ONCRMLEADDELETE', productionUrl],
			['ONAPPTEST', productionUrl],
		]);
		const { test } = Object(portal.callsOf('batch')[0]?.cmd);
		const challenge = new URLSearchParams(String(test).replace(/^event\.test\?/, '')).get('challenge') ?? '';
		const expected = { purpose: 'learn', issuedAt: realNow, address: productionUrl };
		expect(readChallenge(ourTrigger, challenge, realNow)).toEqual(expected);
		const { answers: lesson } = await send({ payload: testEvent(challenge) });
		expect([lesson[0]?.status, portal.handlers().length]).toEqual([200, 1]);
		expect((await send()).items).toHaveLength(1);
	});

	it('makes it ask once in ten minutes', async () => {
		const { send, pass, questions } = unknowing();
		await Promise.all([send(), send()]);
		pass(10 * minute - 1);
		await send();
		expect(questions()).toBe(1);
		pass(1);
		await send();
		expect(questions()).toBe(2);
	});

	it('makes it ask although an access token proves the delivery: there may be none in the next', async () => {
		const { portal, send } = unknowing();
		portal.acceptToken(secrets.eventAccessToken);
		const { items } = await send({ payload: leadDeleted() });
		expect(items).toHaveLength(1);
		expect(portal.calls.map(({ method }) => method)).toEqual(['batch', 'app.info', 'app.info', 'profile']);
	});

	it('does not make it ask within ten seconds of its activation, whose own question does not count', async () => {
		const { portal, send, pass, questions } = unknowing();
		await create(hookContext({ portal, credentials: learning }).context);
		pass(9_999);
		await send();
		expect(questions()).toBe(0);
		pass(1);
		await send();
		expect(questions()).toBe(1);
	});

	it.each([
		['a test event', { payload: testEvent('made up') }],
		['one of another portal', { payload: leadDeleted({ auth: { ...appAuth, member_id: 'f'.repeat(32) } }) }],
		['one while the editor listens', { mode: 'manual' as const }],
		[
			'one to a trigger with a token in its credential',
			{ credentials: { bitrix24OAuth2Api: { ...connectedApp, applicationToken: 'x' } } },
		],
		['one where n8n does not say where to ask', { url: null }],
		['no event at all', { payload: {} }],
	])('does not make it ask, for %s', async (_name, changes) => {
		const { send, questions } = unknowing();
		await send(changes);
		expect(questions()).toBe(0);
	});

	it.each([
		[
			'has asked',
			undefined,
			/^Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it does not know its application token .* has asked Bitrix24 for it again\.$/,
		],
		[
			'has asked where its handler is bound already',
			result({
				result: { test: true },
				result_error: { bind: { error: 'ERROR_CORE', error_description: 'Handler already binded' } },
			}),
			/has asked Bitrix24 for it again\.$/,
		],
		[
			'could not bind its handler',
			result({ result: { test: true }, result_error: { bind: { error: 'INSUFFICIENT_SCOPE' } } }),
			/could not ask Bitrix24 for it \(INSUFFICIENT_SCOPE\)\.$/,
		],
		['could not ask', refused(403, 'ACCESS_DENIED', ''), /could not ask Bitrix24 for it \(ACCESS_DENIED\)\.$/],
		[
			'does not know whether it has asked',
			result({ result: {} }),
			/could not ask Bitrix24 for it \(it does not say that it sends the test event\)\.$/,
		],
	])('says in the log that it %s', async (_name, answer, line) => {
		const { portal, send } = unknowing();
		if (answer !== undefined) portal.answers.set('batch', answer);
		const { log } = await send();
		expect(log.filter((written) => line.test(written))).toHaveLength(1);
	});
});

describe('a question', () => {
	it('that waits for its turn ends, without a word, with the next activation or deactivation', async () => {
		const { portal, send, staticData } = unknowing();
		const rateLimiter = createRateLimiter(Date.now);
		processState.rateLimiters.set(appAuth.member_id, rateLimiter);
		for (let calls = 0; calls < 40; calls++) void rateLimiter.wait(async () => undefined);
		const { log } = await send();
		const { asking } = processState.tokenWatches.get('workflow-1/node-1') ?? {};
		processState.rateLimiters.clear();
		await create(hookContext({ portal, staticData, credentials: learning, mode: 'manual' }).context);
		await remove(hookContext({ portal, staticData, credentials: learning, mode: 'manual' }).context);
		expect(asking?.stop.signal.aborted).toBe(false);
		await remove(hookContext({ portal, staticData, credentials: learning }).context);
		expect(processState.tokenWatches.get('workflow-1/node-1')?.asking).toBeUndefined();
		expect(asking?.stop.signal.aborted).toBe(true);
		expect([portal.callsOf('batch'), portal.handlers(), log.filter((line) => /ask/.test(line))]).toEqual([[], [], []]);
	});

	it('is asked at the address that the trigger remembers, where this process has none', async () => {
		const { portal, send, staticData } = unknowing();
		const [workflowId, nodeId] = ['workflow-1', 'node-1'];
		Object.assign(staticData, { address: { url: 'https://public.example.com/webhook', workflowId, nodeId } });
		await send({ url: null });
		expect(portal.handlers()).toMatchObject([{ event: 'ONAPPTEST', handler: 'https://public.example.com/webhook' }]);
	});

	it('is asked where n8n has stored an older lesson over a newer one, and not for a token that is only wrong', async () => {
		const { send, staticData, questions } = unknowing();
		const other = { ...appAuth, application_token: secrets.otherApplicationToken };
		await send({ payload: testEvent(challengeOf('learn', realNow - 2_000)) });
		const older = structuredClone(staticData);
		await send({ payload: testEvent(challengeOf('learn', realNow - 1_000), other) });
		await send({ payload: leadDeleted() });
		expect(questions()).toBe(0);
		Object.assign(staticData, older);
		expect((await send({ payload: leadDeleted({ auth: other }) })).answers).toMatchObject([{ status: 403 }]);
		expect(questions()).toBe(1);
	});
});

describe('deliveries that nothing proves', () => {
	const bogus = (index: number) => leadDeleted({ auth: { ...appAuth, access_token: `made-up-${index}` } });

	it('cost ten requests a minute, of all triggers of a portal, questions first', async () => {
		const { portal, send, pass, questions } = unknowing();
		const flood = async () => {
			for (let index = 0; index < 48; index++) {
				await deliver({ payload: bogus(index), portal, credentials: learning, nodeId: `node-${index % 12}` });
			}
		};
		await flood();
		await send();
		expect(portal.calls).toHaveLength(10);
		const first = questions();
		pass(minute);
		await flood();
		expect([portal.calls.length, questions()]).toEqual([20, 12]);
		expect(first).toBeLessThan(10);
	});

	it('are refused beyond that, genuine ones among them', async () => {
		const { portal, send, pass } = unknowing();
		portal.acceptToken(secrets.eventAccessToken);
		for (let index = 0; index < 20; index++) await send({ payload: bogus(index) });
		expect((await send({ payload: leadDeleted() })).answers).toMatchObject([
			{ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } },
		]);
		pass(minute);
		expect((await send({ payload: leadDeleted() })).items).toHaveLength(1);
	});

	it('wait for no place within the rate that others need', async () => {
		const { portal, send } = unknowing();
		portal.acceptToken(secrets.eventAccessToken);
		const rateLimiter = createRateLimiter(Date.now);
		processState.rateLimiters.set(appAuth.member_id, rateLimiter);
		for (let calls = 0; calls < 40; calls++) void rateLimiter.wait(async () => undefined);
		processState.tokenWatches.set('workflow-1/node-1', { askedAt: realNow });
		const { answers } = await send({ payload: leadDeleted() });
		expect([answers[0]?.status, portal.callsOf('profile')]).toEqual([403, []]);
	});
});

describe('what is logged of refusals', () => {
	/** A clock that AbortSignal.timeout goes by, too. */
	function watched() {
		const ends: Array<{ at: number; controller: AbortController }> = [];
		let now = realNow;
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
			const controller = new AbortController();
			ends.push({ at: now + milliseconds, controller });
			return controller.signal;
		});
		const log: string[] = [];
		return {
			log,
			pass(milliseconds: number) {
				now += milliseconds;
				for (const { at, controller } of ends) if (at <= now) controller.abort();
			},
			async send(domain: string, changes: Parameters<typeof deliver>[0] = {}) {
				const payload = leadDeleted({ auth: { ...appAuth, domain, application_token: 'x' } });
				const delivered = await deliver({ payload, ...changes });
				log.push(...delivered.log);
				delivered.log.push = (...lines) => log.push(...lines);
			},
		};
	}

	it('is the first of each trigger and reason at once, and then one line a minute with a count', async () => {
		const { log, pass, send } = watched();
		for (let index = 0; index < 100; index++) await send(`p${index}.bitrix24.com`);
		await send('other.bitrix24.com', { nodeId: 'node-2' });
		await send('', { payload: { nothing: 'here' } });
		expect(log).toHaveLength(3);
		pass(59_999);
		expect(log).toHaveLength(3);
		pass(1);
		expect(log.slice(3)).toEqual([
			expect.stringMatching(
				/^Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: rejected 99 more, the first of them of p1\.bitrix24\.com \(INVALID_APPLICATION_TOKEN\): its application token/,
			),
		]);
		await send('again.bitrix24.com');
		pass(60_000);
		expect(log.slice(4)).toEqual([expect.stringContaining('rejected 1 more, the first of them of again.bitrix24.com')]);
		pass(60_000);
		await send('late.bitrix24.com');
		expect(log.slice(5)).toEqual([expect.stringContaining('rejected a delivery of late.bitrix24.com')]);
	});
});

describe('a lesson', () => {
	it('teaches nothing else once the token that it taught is forgotten', async () => {
		const { send, staticData, portal } = unknowing();
		const lesson = challengeOf('learn', realNow - 1_000);
		await send({ payload: testEvent(lesson) });
		processState.tokenWatches.clear();
		await remove(hookContext({ portal, staticData, credentials: learning }).context);
		const other = { ...appAuth, application_token: secrets.otherApplicationToken };
		expect((await send({ payload: testEvent(lesson, other) })).answers).toMatchObject([{ status: 403 }]);
		expect((await send({ payload: testEvent(challengeOf('learn'), other) })).answers).toMatchObject([{ status: 200 }]);
	});

	it('is one that a step of the clock does not block', async () => {
		const { send, pass, staticData } = unknowing();
		await send({ payload: testEvent(challengeOf('learn', realNow + 30_000)) });
		const other = { ...appAuth, application_token: secrets.otherApplicationToken };
		pass(-60 * minute);
		await send({ payload: testEvent(challengeOf('learn', realNow - 60 * minute), other) });
		expect(JSON.stringify(staticData)).toContain(`"taughtAt":${realNow - 60 * minute}`);
	});
});
