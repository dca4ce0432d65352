import { randomBytes } from 'node:crypto';

import type { Delivery, Forgery } from '../../../simulator/index.mjs';
import { type Receiver, startReceiver } from '../../simulator/receiver.mjs';
import type { World } from './world.mjs';

type Forged = Omit<Forgery, 'url'>;

const guess = (length: number): string => randomBytes(length / 2).toString('hex');

/** Somebody who has an app of their own on the portal, and a server to which every address in the forgeries leads. */
export interface Forger {
	/** What came to the server, but for the portal's own delivery. */
	received(): Receiver['received'];
	/** What somebody can send who is not the portal, by what it consists of. */
	forgeries(): Record<string, Forged>;
	stop(): Promise<void>;
}

/** What the portal has sent to a URL last. @throws when it has sent nothing */
export function lastSent({ portal }: Pick<World, 'portal'>, event: string, handler: string): Delivery {
	const found = portal.deliveries.findLast((one) => one.event === event && one.handler === handler);
	if (found === undefined) throw new Error(`The portal has sent no ${event} to ${handler}`);
	return found;
}

/** Plays back what the portal has sent, with other keys of `auth` if need be. */
export function replayed({ event, form }: Delivery, changes: Record<string, string> = {}): Forged {
	const auth = typeof form.auth === 'object' ? form.auth : {};
	return { event, data: form.data, ts: String(form.ts), auth: { ...auth, ...changes } };
}

/** Lets the forger's app be sent a deleted lead, with tokens of that app's. */
export async function startForger({ portal }: Pick<World, 'portal'>): Promise<Forger> {
	const event = 'ONCRMLEADDELETE';
	const server = await startReceiver();
	portal.bindForOtherApp(event, server.url);
	portal.leads.delete(portal.leads.add().ID);
	await portal.idle();
	const otherApps = lastSent({ portal }, event, server.url).form.auth;
	server.received = [];
	return {
		received: () => server.received,
		forgeries() {
			const tokens = ['application_token', 'access_token'];
			const genuine = Object.entries(portal.delivery(event, {}).auth);
			const outsider = Object.fromEntries(genuine.filter(([key]) => !tokens.includes(key)));
			const guessed = { application_token: guess(32), access_token: guess(70) };
			const elsewhere = { domain: new URL(server.url).host, client_endpoint: server.url, server_endpoint: server.url };
			// In the form that the trigger's own have.
			const challenge = (purpose: string) => `${purpose}.${Date.now()}.${guess(32)}.${guess(64)}`;
			const test = (asked: unknown): Forged => ({
				event: 'ONAPPTEST',
				data: { QUERY: { challenge: asked }, LANGUAGE_ID: 'en' },
				auth: { ...outsider, ...guessed },
			});
			return {
				'no token': { auth: outsider },
				'a guessed application token': { auth: { ...outsider, application_token: guess(32) } },
				'guessed tokens': { auth: { ...outsider, ...guessed } },
				'guessed tokens and an address that accepts them': { auth: { ...outsider, ...elsewhere, ...guessed } },
				'lists of tokens': { auth: { ...outsider, application_token: [guess(32)], access_token: [guess(70)] } },
				'the tokens of another app on the portal': { auth: otherApps },
				'a test without a challenge': test(undefined),
				'a test with a guessed challenge': test(challenge('learn')),
				'a sample with a guessed challenge': test(challenge('sample')),
				'a test with a list of challenges': test([challenge('learn')]),
			};
		},
		stop: async () => await server.stop(),
	};
}
