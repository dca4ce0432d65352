import { asApp, asOutgoingWebhook } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const minutes = (count: number) => String(Math.floor(Date.now() / 1000) + count * 60);

describe.each([
	['an app', asApp],
	['an outgoing webhook', asOutgoingWebhook],
])('of %s, with a maximum age of ten minutes', (_, open) => {
	const parameters = { options: { maxAgeMinutes: 10 } };

	test.each([
		['sent just now', () => minutes(0)],
		['sent nine minutes ago', () => minutes(-9)],
		['sent by a clock that is four minutes ahead', () => minutes(4)],
	])('a delivery %s starts the workflow', async (_, ts) => {
		const { n8n, genuine, receive } = await open(openTrigger, { parameters });
		expect(await receive({ ...(await genuine()), ts: ts() })).toMatchObject({ status: 200 });
		expect(n8n.executions).toHaveLength(1);
	});

	test.each([
		['sent eleven minutes ago', () => minutes(-11)],
		['sent by a clock that is six minutes ahead', () => minutes(6)],
		['sent at no time', () => ''],
		['sent at a time that is none', () => 'now'],
	])('a delivery %s is refused', async (_, ts) => {
		const { n8n, genuine, receive } = await open(openTrigger, { parameters });
		const answer = await receive({ ...(await genuine()), ts: ts() });
		expect(answer).toMatchObject({ status: 403, body: { error: 'EXPIRED_EVENT' } });
		expect(n8n.executions).toEqual([]);
		expect(n8n.log).toContainEqual(expect.stringContaining('EXPIRED_EVENT'));
	});

	test('who has the wrong token is not told that it is too old', async () => {
		const { genuine, receive } = await open(openTrigger, { parameters });
		const answer = await receive({ ...(await genuine({ application_token: 'f' })), ts: minutes(-60) });
		expect(answer).toMatchObject({ body: { error: 'INVALID_APPLICATION_TOKEN' } });
	});
});

test('with none, any age is accepted', async () => {
	const { n8n, genuine, receive } = await asApp(openTrigger);
	expect(await receive({ ...(await genuine()), ts: '1' })).toMatchObject({ status: 200 });
	expect(n8n.executions).toHaveLength(1);
});
