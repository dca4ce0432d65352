import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const [older, newer] = ['ONLEADDELETE', 'ONCRMLEADDELETE'];

describe.each([
	['the newer name only', [newer], newer],
	['the older name only', [older], older],
	['both names', [older, newer], newer],
	['both names, the newer one first', [newer, older], newer],
])('where the portal lists %s', (_, events, bound) => {
	test.each([[older], [newer], [older.toLowerCase()]])('selecting %s binds that', async (selected) => {
		const world = await openTrigger({ parameters: { events: [], otherEvents: [selected] } });
		world.portal.events = [...events, 'ONAPPTEST'];
		await world.activate();
		expect(world.bound()).toEqual([bound]);
	});

	test('selecting both names binds one handler', async () => {
		const world = await openTrigger({ parameters: { events: [newer], otherEvents: [older] } });
		world.portal.events = [...events, 'ONAPPTEST'];
		await world.activate();
		expect(world.bound()).toEqual([bound]);
	});
});

test('a portal that learns the newer name has it bound in place of the older one', async () => {
	const world = await openTrigger();
	world.portal.events = [older, 'ONAPPTEST'];
	await world.activate();
	world.portal.events = [older, newer, 'ONAPPTEST'];
	await world.activate();
	expect(world.bound()).toEqual([newer]);
});

test.each([
	[older, newer],
	[newer, older],
])('an event by the name %s starts the workflow that selected %s', async (sent, selected) => {
	const { portal, n8n, activate, receive } = await openTrigger({ parameters: { events: [selected] } });
	await activate();
	await receive(portal.delivery(sent, { FIELDS: { ID: '7' } }));
	expect(n8n.executions).toMatchObject([{ items: [{ event: sent, entity: 'lead', action: 'delete', leadId: 7 }] }]);
});
