import type { Clock } from '../basics.mjs';
import { randomHex } from '../basics.mjs';

/** Whom a token speaks for. */
export interface Grant {
	appId: number;
	userId: number;
}

interface Timed extends Grant {
	/** Milliseconds since 1970. */
	expiresAt: number;
}

const CODE_LIFETIME = 30_000;
const DAY = 86_400_000;

/** Seconds that an access token lives. */
export const ACCESS_TOKEN_SECONDS = 3600;

/** Codes, access tokens and refresh tokens that were given out. */
export class TokenStore {
	private readonly codes = new Map<string, Timed>();
	private readonly access = new Map<string, Timed>();
	private readonly refresh = new Map<string, Timed>();

	/** @param mark what every token and code begins with, hexadecimal */
	constructor(
		private readonly clock: Clock,
		private readonly mark = '',
	) {}

	/** A code for the browser to carry back: good for 30 seconds, once. */
	issueCode(grant: Grant): string {
		return this.issue(this.codes, grant, CODE_LIFETIME);
	}

	/** Takes a given access token for one of its own. */
	adopt(token: string, grant: Grant): void {
		this.access.set(token, { ...grant, expiresAt: this.clock.now() + ACCESS_TOKEN_SECONDS * 1000 });
	}

	/** An access token, good for an hour. */
	issueAccess(grant: Grant): string {
		return this.issue(this.access, grant, ACCESS_TOKEN_SECONDS * 1000);
	}

	/** A refresh token, good for 180 days or until it is used. */
	issueRefresh(grant: Grant): string {
		return this.issue(this.refresh, grant, 180 * DAY);
	}

	/** Takes a code; undefined if there is no such code, or no longer. */
	redeemCode(code: string): Grant | undefined {
		return this.redeem(this.codes, code);
	}

	/** Takes a refresh token: it is replaced at every renewal. */
	redeemRefresh(token: string): Grant | undefined {
		return this.redeem(this.refresh, token);
	}

	/** Whom the access token speaks for, `expired` after its hour, undefined if it was never given out or was revoked. */
	readAccess(token: string): Grant | 'expired' | undefined {
		const found = this.access.get(token);
		return found && found.expiresAt <= this.clock.now() ? 'expired' : found;
	}

	/** Ends every access token's hour now. */
	expireAccess(): void {
		for (const token of this.access.values()) token.expiresAt = this.clock.now();
	}

	revokeAccess(): void {
		this.access.clear();
	}

	revokeRefresh(): void {
		this.refresh.clear();
	}

	private issue(tokens: Map<string, Timed>, { appId, userId }: Grant, lifetime: number): string {
		const token = this.mark + randomHex(70 - this.mark.length);
		tokens.set(token, { appId, userId, expiresAt: this.clock.now() + lifetime });
		return token;
	}

	private redeem(tokens: Map<string, Timed>, token: string): Grant | undefined {
		const found = tokens.get(token);
		tokens.delete(token);
		return found && found.expiresAt > this.clock.now() ? found : undefined;
	}
}
