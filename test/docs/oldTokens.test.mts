import { useTrigger } from '../integration/support/useTrigger.mjs';
import { company, expectQuotes, logged } from './expectQuotes.mjs';

// Diagnosis 8 of docs/troubleshooting.md.
const openTrigger = useTrigger();

it('is right that a reinstalled app is silent until the workflow is activated again', async () => {
	const world = await openTrigger();
	const { portal, n8n } = world;
	await world.activate();
	portal.reinstallApp();
	portal.clearCalls();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	expect(n8n.executions).toEqual([]);
	expect(logged(world)).toEqual([]);

	await n8n.deactivate();
	await world.activate();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	expect(n8n.executions).toHaveLength(1);
});

it('quotes what is said when the application token in a credential is an old one', async () => {
	const world = await openTrigger({ oAuth2: { applicationToken: 'the-old-one' } });
	const { portal, n8n } = world;
	await world.activate();
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });
	await world.settled();
	await n8n.activate('activate', true);
	await world.settled();
	const inEditor = n8n.thrown.map((error) => (error instanceof Error ? error.message : String(error)));

	const byHand = await openTrigger({
		portal,
		parameters: { authentication: 'outgoingWebhook' },
		outgoingWebhook: { applicationToken: 'the-old-one', portalUrl: '' },
	});
	portal.outgoingWebhooks.add({ url: byHand.url, events: ['ONCRMLEADDELETE'] });
	portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: 8 } });
	await byHand.settled();

	const refused = logged(world).slice(0, 1);
	expectQuotes(8, [...refused, ...inEditor, ...logged(byHand)], { [portal.portalUrl]: company });
});
