import { asApp } from './support/activeTrigger.mjs';
import { refusalOf } from './support/refusalOf.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

test("the list has the events of the portal's smart processes", async () => {
	const { n8n } = await openTrigger();
	expect(await n8n.loadOptions('getOtherEvents')).toEqual(
		expect.arrayContaining([{ name: expect.any(String), value: 'ONCRMDYNAMICITEMUPDATE_1220' }]),
	);
});

test('where the list cannot be had, the form says what to do', async () => {
	const { n8n, portal } = await openTrigger();
	portal.revokeAccessTokens();
	portal.revokeRefreshTokens();
	expect(await refusalOf(n8n.loadOptions('getOtherEvents'))).toContain('"Connect my account"');
});

test.each([
	['a list', '={{ ["onCrmDynamicItemAdd_1220", "oncrmdealadd"] }}'],
	['a text', '={{ " onCrmDynamicItemAdd_1220, oncrmdealadd " }}'],
])('an expression may give %s of codes, in any case, in either field', async (_, expression) => {
	for (const parameters of [
		{ events: expression, otherEvents: [] },
		{ events: [], otherEvents: expression },
	]) {
		const { n8n, portal, bound, settled } = await asApp(openTrigger, { parameters });
		expect(bound()).toEqual(['ONCRMDEALADD', 'ONCRMDYNAMICITEMADD_1220']);
		portal.fire('ONCRMDYNAMICITEMADD_1220', { FIELDS: { ID: 3, ENTITY_TYPE_ID: 1220 } });
		await settled();
		expect(n8n.executions).toMatchObject([{ items: [{ event: 'ONCRMDYNAMICITEMADD_1220', id: 3 }] }]);
	}
});

test('a new event that nobody has documented starts the workflow with all its data', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, {
		parameters: { events: [], otherEvents: ['ONCRMTYPEADD'] },
	});
	portal.fire('ONCRMTYPEADD', { FIELDS: { ID: 4 }, MORE: { NESTED: ['a', true] } });
	await settled();
	expect(n8n.executions).toMatchObject([
		{ items: [{ id: 4, data: { FIELDS: { ID: '4' }, MORE: { NESTED: ['a', '1'] } } }] },
	]);
});
