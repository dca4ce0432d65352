import type { Clock } from '../basics.mjs';
import { randomHex } from '../basics.mjs';

/** Whom a token speaks for. */
export interface Grant {
	appId: number;
	userId: number;
}

interface Timed extends Grant {
	expiresAt: number;
}

/** Seconds that an access token lives. */
export const ACCESS_TOKEN_SECONDS = 3600;

/** Milliseconds that each kind lives. A code and a refresh token end with their first use. */
const LIFETIMES = { code: 30_000, access: ACCESS_TOKEN_SECONDS * 1000, refresh: 180 * 86_400_000 };

type Kind = keyof typeof LIFETIMES;

/** Codes, access tokens and refresh tokens that were given out. */
export class TokenStore {
	private readonly given: Record<Kind, Map<string, Timed>> = {
		code: new Map(),
		access: new Map(),
		refresh: new Map(),
	};

	/** @param mark what every token and code begins with, hexadecimal */
	constructor(
		private readonly clock: Clock,
		private readonly mark = '',
	) {}

	issue(kind: Kind, grant: Grant): string {
		const token = this.mark + randomHex(70 - this.mark.length);
		this.adopt(token, grant, kind);
		return token;
	}

	/** Takes a given token for one of its own. */
	adopt(token: string, { appId, userId }: Grant, kind: Kind = 'access'): void {
		this.given[kind].set(token, { appId, userId, expiresAt: this.clock.now() + LIFETIMES[kind] });
	}

	/** Takes a code or a refresh token; undefined if there is no such one, or no longer. */
	redeem(kind: Kind, token: string): Grant | undefined {
		const found = this.given[kind].get(token);
		this.given[kind].delete(token);
		return found && found.expiresAt > this.clock.now() ? found : undefined;
	}

	/** Whom the access token speaks for, `expired` after its hour, undefined if it was never given out or was revoked. */
	readAccess(token: string): Grant | 'expired' | undefined {
		const found = this.given.access.get(token);
		return found && found.expiresAt <= this.clock.now() ? 'expired' : found;
	}

	expireAccess(): void {
		for (const token of this.given.access.values()) token.expiresAt = this.clock.now();
	}

	revoke(kind: Kind): void {
		this.given[kind].clear();
	}
}
