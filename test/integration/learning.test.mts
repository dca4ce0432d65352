import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();

it('learns the application token from the portal, and keeps only its hash', async () => {
	const { n8n, portal, activate, bound } = await openTrigger();
	await activate();

	expect(portal.deliveries).toMatchObject([{ event: 'ONAPPTEST', status: 200 }]);
	expect(bound()).toEqual(['ONCRMLEADDELETE']);
	expect(n8n.executions).toEqual([]);
	const stored = JSON.stringify(n8n.workflow.nodeStaticData);
	expect(stored).toMatch(/"hash":"[0-9a-f]{64}"/);
	expect(stored).not.toContain(portal.app.applicationToken);
});
