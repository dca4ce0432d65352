import { challengeOf } from '../../../fakes/challenge.mjs';
import { deliver, given, learning } from '../../../fakes/deliver.mjs';
import { leadDeleted, testEvent } from '../../../fakes/delivery.mjs';

/** Delivers to whoever listens in the editor. */
const listen = async (changes: Parameters<typeof deliver>[0]) =>
	await deliver({ payload: testEvent(challengeOf('sample')), mode: 'manual', credentials: learning, ...changes });

describe('receive, while the editor listens', () => {
	it.each([
		['learned', learning],
		['given', given],
	])('shows a sample in the shape of the first selected event (token to be %s)', async (_name, credentials) => {
		const parameters = { events: ['ONTASKADD', 'ONCRMLEADDELETE'] };
		const { items, staticData } = await listen({ credentials, parameters });
		expect(items).toEqual([
			expect.objectContaining({
				event: 'ONTASKADD',
				entity: 'task',
				action: 'add',
				id: 123,
				sentAt: '2025-03-24T09:06:39.000Z',
				isTest: true,
				data: expect.objectContaining({ FIELDS_AFTER: { ID: '123' } }),
			}),
		]);
		expect(staticData).toEqual({});
	});

	it('shows a sample as Bitrix24 names it where the user wants it raw, and nothing of the challenge', async () => {
		const challenge = challengeOf('sample');
		const { items } = await listen({ payload: testEvent(challenge), parameters: { simplify: false } });
		expect(items).toMatchObject([
			{ event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: '1000983' } }, ts: '1742807199', isTest: true },
		]);
		expect(JSON.stringify(items)).not.toContain(challenge);
	});

	it('shows a sample of an event without data', async () => {
		const { items } = await listen({ parameters: { events: ['ONOFFLINEEVENT'], simplify: false } });
		expect(items).toMatchObject([{ event: 'ONOFFLINEEVENT' }]);
		expect(items[0]).not.toHaveProperty('data');
	});

	it('shows the test event itself where none is selected', async () => {
		expect((await listen({ parameters: { events: [] } })).items).toMatchObject([{ event: 'ONAPPTEST', isTest: true }]);
	});

	it('shows a sample however old deliveries may be: its challenge says that it is new', async () => {
		expect((await listen({ parameters: { options: { maxAgeMinutes: 1 } } })).items).toHaveLength(1);
	});

	it.each([
		['is too old', challengeOf('sample', Date.now() - 601_000)],
		['is of another workflow', challengeOf('sample', undefined, { workflowId: 'workflow-2' })],
		['was made to learn the token', challengeOf('learn')],
	])('shows no sample for a challenge that %s', async (_name, challenge) => {
		const { items, answers, staticData } = await listen({ payload: testEvent(challenge) });
		expect([items, staticData]).toEqual([[], {}]);
		expect(answers).toMatchObject([{ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } }]);
	});

	it('shows no sample outside the editor', async () => {
		const { items, answers } = await listen({ mode: 'webhook' });
		expect(items).toEqual([]);
		expect(answers).toMatchObject([{ status: 403 }]);
	});

	it('shows a real event, under the same proofs', async () => {
		expect((await listen({ payload: leadDeleted(), credentials: given })).items).toMatchObject([{ isTest: false }]);
		expect((await listen({ payload: leadDeleted() })).answers).toMatchObject([{ status: 403 }]);
	});
});
