import { eventually, seconds } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

describe('what somebody has to mend', () => {
	const reported = /"Connect my account"/;

	test('is reported once, in words, and healed by connecting again', async () => {
		const { n8n, portal, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures, errors } = await start();
		await checked();
		portal.revokeAccessTokens();
		portal.revokeRefreshTokens();
		const ids = deleteLeads(2);
		await eventually('it is reported', () => failures.length > 0);
		await seconds(150);
		expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(reported)]);

		const { accessToken, refreshToken } = portal.issueTokens();
		const { oauthTokenData } = await n8n.credentials.read('bitrix24OAuth2Api');
		const renewed = { ...Object(oauthTokenData), access_token: accessToken, refresh_token: refreshToken };
		await n8n.credentials.change('bitrix24OAuth2Api', { oauthTokenData: renewed });
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
		expect(failures).toHaveLength(1);
		expect(errors).toEqual([]);
		// The queue trigger says so when the portal's answer to the last call is back, a moment after the queue is empty.
		await eventually('its end is told', () => n8n.log.some((line) => /^info: .*can be read again/.test(line)));
	});

	test.each([
		['the person lost administrator rights', 'ACCESS_DENIED', /administrator/],
		['the app lost a permission', 'insufficient_scope', /permission/],
		['the plan ran out', 'WRONG_LICENSE', /plan/],
		['the portal was deleted', 'PORTAL_DELETED', /deleted/],
	])('%s: reported once, and healed as soon as it is mended', async (_, error, words) => {
		const { portal, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures, errors } = await start();
		await checked();
		portal.faults.next('*', { status: 403, error }, 1e6);
		const ids = deleteLeads(1);
		await eventually('it is reported', () => failures.length > 0);
		await seconds(150);
		expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(words)]);
		portal.faults.clear();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
		expect(failures).toHaveLength(1);
		expect(errors).toEqual([]);
	});

	test('is reported again when it happens again', async () => {
		const { portal, records, start, checked, deleteLeads } = await openQueue();
		const { failures } = await start();
		for (const times of [1, 2]) {
			await checked();
			portal.faults.next('*', { status: 403, error: 'ACCESS_DENIED' }, 1e6);
			deleteLeads(1);
			await eventually('it is reported', () => failures.length === times);
			portal.faults.clear();
			await eventually('the queue is empty', () => records().length === 0);
		}
		expect(failures).toHaveLength(2);
	});

	test('a handler that vanished with the reinstalled app is bound again after the outage', async () => {
		const { portal, collected, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures } = await start();
		await checked();
		portal.faults.next('*', { status: 403, error: 'ACCESS_DENIED' }, 1e6);
		await eventually('it is reported', () => failures.length > 0);
		portal.reinstallApp();
		portal.faults.clear();
		await eventually('the events are collected again', () => collected().length === 1);
		const ids = deleteLeads(1);
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	});
});

test('a long outage that may pass is told in the log at once, and reported once when it lasts', async () => {
	const { n8n, portal, records, start, checked, deleteLeads } = await openQueue();
	const { emitted, failures, errors } = await start();
	await checked();
	portal.faults.next('*', 'reset', 1e6);
	const ids = deleteLeads(1);
	await eventually('it is told in the log', () => n8n.log.some((line) => /^warn: .*did not answer/.test(line)));
	expect(failures).toEqual([]);
	await eventually('it is reported', () => failures.length > 0);
	portal.faults.clear();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	expect(failures).toHaveLength(1);
	expect(errors).toEqual([]);
});
