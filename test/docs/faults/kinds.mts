import type { Fault, FaultOptions, Simulator } from '../../../simulator/index.mjs';
import type { Clock } from './skipWaits.mjs';
import { strikeConnections } from './strikeConnections.mjs';

/** The call that a fault strikes: a REST method, or `oauth.token` for the renewal of the access token. */
export interface Target {
	portal: Simulator;
	call: string;
	clock: Clock;
}

/** One thing that can go wrong with a call. */
export interface Kind {
	/** As the page names it. */
	name: string;
	/** Whether it makes no sense but for ever. */
	onlyLasting?: boolean;
	/** Makes so many calls go wrong. @returns ends it */
	strike(target: Target, times: number): Promise<() => void>;
}

/** Something that the portal answers, or does in place of it. */
function answering(name: string, faultFor: (target: Target) => Fault, options: FaultOptions = {}): Kind {
	return {
		name,
		async strike(target, times) {
			target.portal.faults.next(target.call, faultFor(target), { ...options, times });
			return () => target.portal.faults.clear();
		},
	};
}

function connecting(name: string, kind: 'refused' | 'timeout'): Kind {
	return {
		name,
		async strike({ portal, call, clock: { skip } }, times) {
			if (kind === 'timeout') portal.faults.next(call, 'timeout', { times });
			const undo = await strikeConnections({ kind, path: new URL(addressOf({ portal, call })).pathname, times, skip });
			return () => {
				undo();
				portal.faults.clear();
			};
		},
	};
}

function addressOf({ portal, call }: Pick<Target, 'portal' | 'call'>): string {
	return call === 'oauth.token'
		? `${portal.authorizationServer}/oauth/token/`
		: `${portal.portalUrl}/rest/${call}.json`;
}

const tenMinutesOn = () => Math.floor(Date.now() / 1000) + 600;

/** Everything that is made to go wrong, in the order of the page. */
export const kinds: readonly Kind[] = [
	connecting('nothing listens', 'refused'),
	answering('the connection is cut before the call is heard', () => 'reset'),
	answering('the connection is cut after the call was carried out', () => 'reset', { when: 'after' }),
	connecting('no answer', 'timeout'),
	{ ...answering('302 that leads in a circle', (target) => ({ redirect: addressOf(target) })), onlyLasting: true },
	{ ...answering('401', () => ({ status: 401, error: 'expired_token' })), onlyLasting: true },
	answering('403', () => ({ status: 403, error: 'ACCESS_DENIED', description: 'Access denied!' })),
	answering('429, good for ten minutes', () => ({ operatingResetAt: tenMinutesOn() })),
	answering('500', () => ({ status: 500, error: 'INTERNAL_SERVER_ERROR', description: 'Internal server error' })),
	answering('503', () => ({ status: 503, error: 'QUERY_LIMIT_EXCEEDED', description: 'Too many requests' })),
	answering('a web page in place of JSON', () => 'html'),
	answering('half of the JSON', () => 'truncated'),
	answering('JSON of another form', () => ({ body: { result: 7 } })),
];
