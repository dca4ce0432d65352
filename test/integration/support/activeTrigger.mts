import type { INodeParameters } from 'n8n-workflow';

import type { Forgery } from '../../../simulator/index.mjs';
import { again } from './again.mjs';
import type { TriggerOptions, TriggerWorld, useTrigger } from './useTrigger.mjs';

/** A trigger that is active, and knows the application token of its portal. */
export interface ActiveTrigger extends TriggerWorld {
	/** What proves a delivery. */
	token: string;
	/** A deleted lead as the portal has just delivered it and the trigger has accepted it, to be posted again or altered. */
	genuine(auth?: Record<string, unknown>): Promise<Omit<Forgery, 'url'>>;
}

type Open = ReturnType<typeof useTrigger>;
type Options = Omit<TriggerOptions, 'parameters'> & { parameters?: INodeParameters };

/** A trigger of an app. */
export async function asApp(openTrigger: Open, options: Options = {}): Promise<ActiveTrigger> {
	const world = await openTrigger(options);
	await world.activate();
	return withGenuine(world, world.portal.app.applicationToken);
}

/** A trigger of an outgoing webhook that somebody has registered by hand. */
export async function asOutgoingWebhook(
	openTrigger: Open,
	{ parameters = {}, ...options }: Options = {},
): Promise<ActiveTrigger> {
	const world = await openTrigger({
		oAuth2: null,
		outgoingWebhook: { applicationToken: '', portalUrl: '' },
		parameters: { authentication: 'outgoingWebhook', ...parameters },
		...options,
	});
	const { n8n, portal, url, activate } = world;
	const { applicationToken } = portal.outgoingWebhooks.add({ url, events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'] });
	await n8n.credentials.change('bitrix24OutgoingWebhookApi', { applicationToken });
	await activate();
	return withGenuine(world, applicationToken);
}

function withGenuine(world: TriggerWorld, token: string): ActiveTrigger {
	const { n8n, portal, settled } = world;
	return {
		...world,
		token,
		async genuine(auth) {
			portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: '1000983' } });
			await settled();
			if (n8n.executions.splice(0).length !== 1) throw new Error('The genuine delivery was not accepted');
			return again(portal.deliveries.at(-1), auth);
		},
	};
}
