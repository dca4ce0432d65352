import { hashOf, readLearnedToken } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import type { Connection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { learn } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { productionUrl, webhookContext } from '../../../fakes/webhookContext.mjs';
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const token = { hash: hashOf(secrets.applicationToken), taughtAt: 1_742_807_199_000 };

function connection(): Connection {
	const read = parseConnection(connectedApp);
	if (!read.ok) throw new Error('The test is not connected');
	return read.connection;
}

async function learnOn(portal = simulatedPortal(), isWanted = false, url: string | null = productionUrl) {
	for (const event of ['ONAPPTEST', 'ONCRMLEADDELETE']) portal.bind({ event, handler: productionUrl, offline: 0 });
	const delivery = webhookContext({ portal, url });
	await learn(delivery.context, { connection: connection(), portal: portalBehind(portal) }, token, isWanted);
	return delivery;
}

describe('learn', () => {
	it('keeps the hash of the token, for this app on this portal, and nothing else', async () => {
		const { staticData } = await learnOn();
		expect(readLearnedToken(staticData, connection())).toEqual(token);
		expect(JSON.stringify(staticData)).not.toContain(secrets.applicationToken);
	});

	it('takes the handler down that waited for the challenge, and no other', async () => {
		const { portal, log } = await learnOn();
		expect(portal.callsOf('event.unbind')).toEqual([{ event: 'ONAPPTEST', handler: productionUrl }]);
		expect(portal.handlers().map(({ event }) => event)).toEqual(['ONCRMLEADDELETE']);
		expect(log).toEqual([]);
	});

	it('leaves that handler where the user selected the test event', async () => {
		const { portal, staticData } = await learnOn(simulatedPortal(), true);
		expect(portal.calls).toEqual([]);
		expect(readLearnedToken(staticData, connection())).toEqual(token);
	});

	it('leaves that handler where n8n does not say which one it is', async () => {
		const { portal, staticData } = await learnOn(simulatedPortal(), false, null);
		expect(portal.calls).toEqual([]);
		expect(readLearnedToken(staticData, connection())).toEqual(token);
	});

	it('has learned the token even when the portal refuses to take the handler down, and says so', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.unbind', refused(403, 'ACCESS_DENIED', 'no'));
		const { staticData, log } = await learnOn(portal);
		expect(readLearnedToken(staticData, connection())).toEqual(token);
		expect(log).toEqual([
			'Bitrix24 Trigger has learned its application token, but could not take its ONAPPTEST handler down (ACCESS_DENIED). The next activation of the workflow, or start of n8n, does.',
		]);
	});
});
