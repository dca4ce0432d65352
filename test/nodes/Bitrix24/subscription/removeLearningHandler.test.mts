import { removeLearningHandler } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { refused, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl, webhookContext } from '../../../fakes/webhookContext.mjs';

async function removeOn(portal = simulatedPortal(), url: string | null = productionUrl) {
	for (const event of ['ONAPPTEST', 'ONCRMLEADDELETE']) portal.bind({ event, handler: productionUrl, offline: 0 });
	const delivery = webhookContext({ portal, url });
	await removeLearningHandler(delivery.context, portalBehind(portal));
	return delivery;
}

describe('removeLearningHandler', () => {
	it('takes the handler down that waited for the challenge, and no other', async () => {
		const { portal, log } = await removeOn();
		expect(portal.callsOf('event.unbind')).toEqual([{ event: 'ONAPPTEST', handler: productionUrl }]);
		expect(portal.handlers().map(({ event }) => event)).toEqual(['ONCRMLEADDELETE']);
		expect(log).toEqual([]);
	});

	it('leaves it where n8n does not say which one it is', async () => {
		const { portal } = await removeOn(simulatedPortal(), null);
		expect(portal.calls).toEqual([]);
	});

	it('says so in the log when the portal refuses', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.unbind', refused(403, 'ACCESS_DENIED', 'no'));
		const { log } = await removeOn(portal);
		expect(log).toEqual([
			'Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it has learned its application token, but could not take its ONAPPTEST handler down (ACCESS_DENIED). The next activation or deactivation of the workflow does.',
		]);
	});
});
