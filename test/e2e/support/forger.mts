import { type Receiver, startReceiver } from '../../simulator/receiver.mjs';
import type { Delivery } from '../../../simulator/index.mjs';
import type { Known } from './forgeries.mjs';
import type { Trigger } from './Trigger.mjs';
import type { World } from './world.mjs';

/** Somebody who has an app of their own on the portal, and a server to which every address in the forgeries leads. */
export interface Forger {
	/** What came to the server, but for the portal's own delivery. */
	received: Receiver['received'];
	/** Everything about a trigger that is no secret. */
	knows(trigger: Trigger): Promise<Known>;
	stop(): Promise<void>;
}

/** What the portal has sent to a URL last. @throws when it has sent nothing */
export function lastSent({ portal }: Pick<World, 'portal'>, event: string, handler: string): Delivery {
	const found = portal.deliveries.findLast((one) => one.event === event && one.handler === handler);
	if (found === undefined) throw new Error(`The portal has sent no ${event} to ${handler}`);
	return found;
}

/** Lets the other app be sent a deleted lead, with tokens of that app's. */
export async function startForger({ client, portal }: Pick<World, 'client' | 'portal'>): Promise<Forger> {
	const event = 'ONCRMLEADDELETE';
	const server = await startReceiver();
	portal.bindForOtherApp(event, server.url);
	portal.leads.delete(portal.leads.add().ID);
	await portal.idle();
	const otherApps = lastSent({ portal }, event, server.url);
	server.received = [];
	return {
		get received() {
			return server.received;
		},
		async knows(trigger) {
			const [node] = (await client.getWorkflow(trigger.id)).nodes;
			return { portal, workflowId: trigger.id, nodeId: node?.id ?? '', ownServer: server.url, otherApps };
		},
		stop: async () => await server.stop(),
	};
}
