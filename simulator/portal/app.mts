import { randomBytes } from 'node:crypto';

/** An application installed on the portal. Tests change its fields while the portal runs. */
export interface SimulatedApp {
	/** The portal's own number for the app, as in `app.info`. */
	id: number;
	code: string;
	clientId: string;
	clientSecret: string;
	/** Sent with every event; constant until the app is installed anew. */
	applicationToken: string;
	/** "Your handler path" in the app's card: where `/oauth/authorize/` sends the browser back to. */
	redirectUri: string;
	scope: string[];
	/** Whether the installation was finished. Until then the portal sends nothing. */
	installed: boolean;
	/** L local, F free, D demo, T trial, P paid, S subscription. */
	status: string;
}

/** A local, installed app with the permissions that the examples need, each field replaceable. */
export function createApp(overrides: Partial<SimulatedApp> = {}): SimulatedApp {
	const clientId = `local.${randomHex(14)}.${String(10_000_000 + Math.floor(Math.random() * 89_999_999))}`;
	return {
		id: 5,
		code: clientId,
		clientId,
		clientSecret: randomToken(50),
		applicationToken: randomToken(32),
		redirectUri: '',
		scope: ['crm', 'task', 'user_brief'],
		installed: true,
		status: 'L',
		...overrides,
	};
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `length` random hexadecimal characters. */
export function randomHex(length: number): string {
	return randomBytes(Math.ceil(length / 2))
		.toString('hex')
		.slice(0, length);
}

/** `length` random lower-case letters and digits: the alphabet of Bitrix24's application tokens. */
export function randomToken(length: number): string {
	return Array.from(randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
