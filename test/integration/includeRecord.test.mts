import { processState } from '../../nodes/Bitrix24/n8n/processState.js';
import type { Fault } from '../../simulator/index.mjs';
import { asApp, asOutgoingWebhook } from './support/activeTrigger.mjs';
import { eventually } from './support/eventually.mjs';
import { useHurry } from './support/useHurry.mjs';
import { useTrigger } from './support/useTrigger.mjs';

useHurry();
const openTrigger = useTrigger();
const chosen = ['ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMLEADDELETE', 'ONCRMDEALUPDATE', 'ONCRMCURRENCYADD'];
const events = [...chosen, 'ONTASKADD', 'ONCRMDYNAMICITEMADD'];
const withRecord = (more: object = {}) => ({ events, options: { includeRecord: true, ...more } });

// What gathers for two seconds ends by itself.
afterAll(async () => await eventually('nothing gathers', () => processState.lookups.size === 0));

test.each([
	['simplified', true, { leadId: 1 }],
	['raw', false, { data: { FIELDS: { ID: '1' } } }],
])('an item has the record as it is now: %s', async (_, simplify, fields) => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: { ...withRecord(), simplify } });
	portal.leads.update(1, { TITLE: 'Twelve chairs' });
	await settled();
	expect(n8n.executions).toMatchObject([
		{
			items: [
				{
					event: 'ONCRMLEADUPDATE',
					...fields,
					record: { id: 1, title: 'Twelve chairs', lastName: 'Cook', fm: [{ typeId: 'PHONE' }] },
				},
			],
		},
	]);
});

test('deals, tasks and smart processes have theirs; a deletion and a currency have none, and nobody is asked', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: withRecord() });
	portal.records.add('deal', { TITLE: 'Ten chairs' });
	portal.records.update('deal', 1, {});
	portal.records.add('task', { TITLE: 'Call Carol' });
	portal.records.add(1220, { TITLE: 'A smart one' });
	await settled();
	const titles = n8n.executions.splice(0).flatMap(({ items }) => items.map(({ record }) => Object(record).title));
	expect(titles.sort()).toEqual(['A smart one', 'Call Carol', 'Ten chairs']);
	portal.clearCalls();
	portal.leads.delete(1);
	portal.fire('ONCRMCURRENCYADD', { FIELDS: { ID: 'CHE' } });
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ record: null }] }, { items: [{ record: null }] }]);
	expect(portal.calls).toEqual([]);
});

test('no access token stands in a link, whatever form the link has', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: withRecord() });
	const canary = 'c4n4ry'.repeat(8);
	portal.leads.update(1, {
		UF_CRM_FILE: { fileId: 9 },
		UF_CRM_LINK: `https://p.example/?auth=${canary}&x=1`,
		COMMENTS: `<a href="https://p/?x=1&amp;auth=${canary}">a</a> https://q/?to=p%3Fauth%3D${canary}%26y`,
	});
	await settled();
	const text = JSON.stringify([n8n.executions, n8n.log]);
	expect(text).toContain('crm.controller.item.getFile/?token=crm%7C9');
	expect(text).not.toContain(canary);
	expect(text).not.toContain('auth=');
});

test('without the option, and for an outgoing webhook, nobody is asked and the item has no such key', async () => {
	for (const world of [
		await asApp(openTrigger, { parameters: { events } }),
		await asOutgoingWebhook(openTrigger, { parameters: withRecord() }),
	]) {
		world.portal.clearCalls();
		world.portal.leads.add();
		await world.settled();
		expect(world.n8n.executions[0]?.items[0]).not.toHaveProperty('record');
		expect(world.portal.calls).toEqual([]);
	}
});

test('many at once are asked for together, none twice, and each has its own', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: withRecord() });
	const ids = portal.leads.import(Array.from({ length: 60 }, (_, index) => ({ TITLE: `Number ${index}` })));
	portal.clearCalls();
	for (const id of ids) portal.leads.update(id, {});
	await settled();
	expect(n8n.executions).toHaveLength(60);
	for (const { items } of n8n.executions) {
		const [{ id, record } = {}] = items;
		expect(Object(record)).toMatchObject({ id, title: `Number ${Number(id) - 4}` });
	}
	const asked = portal.calls.flatMap(({ params }) => Object(params.filter)['@id']);
	expect(asked.sort()).toEqual([...ids].sort());
});

test.each<[string, Fault, RegExp | null]>([
	['is gone', { status: 400, error: 'NOT_FOUND' }, null],
	['may not be read', { status: 400, error: 'ACCESS_DENIED' }, null],
	['is not in the answer', { body: { result: { items: [] } } }, null],
	[
		'needs a permission',
		{ status: 403, error: 'insufficient_scope' },
		/cannot read records of CRM.*lacks a permission/,
	],
])('a record that %s is null', async (_, fault, line) => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters: withRecord() });
	portal.faults.next('crm.item.list', fault);
	portal.leads.update(1, {});
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ id: 1, record: null }] }]);
	const lines = n8n.log.filter((text) => /record/.test(text));
	expect(lines).toEqual(line === null ? [] : [expect.stringMatching(line)]);
});

describe('"Listen for test event"', () => {
	test.each([
		['simplified', true, { id: 3, leadId: 3 }],
		['raw', false, { data: { FIELDS: { ID: '3' } } }],
	])('shows the newest record of the kind, and its id: %s', async (_, simplify, fields) => {
		const parameters = { ...withRecord(), events: ['ONCRMLEADUPDATE'], simplify };
		const { n8n, settled } = await openTrigger({ parameters });
		await n8n.activate('manual', true);
		await settled();
		expect(n8n.executions).toMatchObject([
			{ mode: 'manual', items: [{ ...fields, isTest: true, record: { id: 3, title: 'Call back tomorrow' } }] },
		]);
	});

	test.each(['ONTASKADD', 'ONCRMLEADDELETE'])('shows an example of %s where there is no record', async (code) => {
		const { n8n, settled } = await openTrigger({ parameters: { ...withRecord(), events: [code] } });
		await n8n.activate('manual', true);
		await settled();
		expect(n8n.executions).toMatchObject([{ items: [{ event: code, id: expect.any(Number), record: null }] }]);
	});
});
