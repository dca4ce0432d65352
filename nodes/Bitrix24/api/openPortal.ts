import type { IAllExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { Connection, NotConnected } from './connection';
import { connectionOf } from './connection';
import type { Portal } from './createPortal';
import { createPortal } from './createPortal';
import { credentialTransport } from './credentialTransport';
import { explaining } from './explaining';
import { paceOf } from './pace';
import { pause } from './pause';
import { Refusal } from './refusal';

/** The part of n8n's contexts that a portal is opened with. */
export type CredentialContext = Pick<IAllExecuteFunctions, 'helpers'> & {
	getCredentials(type: string): Promise<unknown>;
};

// Bitrix24 sends the browser to the address in the app's card, whatever n8n asks for.
const whenNoWayBack =
	'If the window that opens does not end with n8n\'s own "Connection successful", compare "Your handler path" in the app\'s card in Bitrix24 with the OAuth Redirect URL that the credential shows: they must be the same.';

const whatIsMissing: Record<NotConnected | 'credential', [what: string, remedy: string]> = {
	credential: [
		'The Bitrix24 credential of this node is missing or can not be read.',
		'Open the node and choose a Bitrix24 OAuth2 API credential that is connected.',
	],
	portalUrl: [
		'The portal URL in the credential is not an address.',
		'Enter the address in your browser when you work in Bitrix24, such as https://your-company.bitrix24.com.',
	],
	notConnected: [
		'The Bitrix24 credential is not connected yet.',
		`Open the Bitrix24 OAuth2 API credential and choose "Connect my account". ${whenNoWayBack}`,
	],
	notConnectedInCis: [
		'The Bitrix24 credential is not connected yet, and portals in the CIS (such as bitrix24.ru, .by and .kz) use another authorization server than the one that it names.',
		`Open the Bitrix24 OAuth2 API credential, enter https://oauth.bitrix24.tech as authorization server and choose "Connect my account". ${whenNoWayBack}`,
	],
};

/**
 * Reads the node's OAuth2 credential.
 *
 * @throws Refusal when it is not connected, or there is none
 */
export async function readConnection(context: CredentialContext): Promise<Connection> {
	// n8n's own reasons (none chosen, deleted, encrypted with another key) have one remedy, and may hold details.
	const data: unknown = await context.getCredentials('bitrix24OAuth2Api').catch(() => null);
	const read = data === null ? ({ ok: false, missing: 'credential' } as const) : connectionOf(data);
	if (!read.ok) throw new Refusal(...whatIsMissing[read.missing]);
	return read.connection;
}

// n8n repeats an activation itself, five times with 15 seconds of pauses, and takes down after each what it can. After 84
// seconds it gives up, with a message of its own in place of ours: so each of those ten steps has to be done in 6.
const patience = 1_000;
const timeoutWhileSomebodyWaits = 5_000;

const timeoutInBackground = 20_000;

/**
 * Opens the portal of the node's OAuth2 credential, for work that somebody waits for.
 *
 * @param context n8n's context of the node
 * @throws Refusal when the credential is not connected, or there is none
 */
export async function openPortal(context: CredentialContext): Promise<{ connection: Connection; portal: Portal }> {
	const connection = await readConnection(context);
	const { origin } = connection;
	const pace = paceOf(origin);
	return {
		connection,
		portal: createPortal({
			origin,
			transport: explaining(credentialTransport(context, { timeout: timeoutWhileSomebodyWaits }), connection),
			sleep,
			now: Date.now,
			repeats: 5,
			patience,
			beforeRequest: () => pace.spend(),
		}),
	};
}

/**
 * Opens the portal for work in the background, which keeps within the portal's rate and ends with its node.
 *
 * @param signal ends every wait and, where `endsRequests`, requests under way
 * @param somebodyWaits whether to be as impatient as while somebody waits for it
 * @param asksAgain whether a call that nobody answered is repeated, though it may have been heard
 */
export function openBackgroundPortal(
	context: CredentialContext,
	connection: Connection,
	{
		signal,
		endsRequests,
		somebodyWaits = false,
		asksAgain = true,
	}: { signal: AbortSignal; endsRequests: boolean; somebodyWaits?: boolean; asksAgain?: boolean },
): Portal {
	const { origin } = connection;
	const pace = paceOf(origin);
	const rest = async (milliseconds: number) => await pause(milliseconds, signal);
	const transport = credentialTransport(context, {
		timeout: somebodyWaits ? timeoutWhileSomebodyWaits : timeoutInBackground,
		...(endsRequests ? { abortSignal: signal } : {}),
	});
	return createPortal({
		origin,
		transport: explaining(transport, connection),
		sleep: rest,
		now: Date.now,
		repeats: 5,
		...(somebodyWaits ? { patience } : {}),
		...(asksAgain ? {} : { patience: 0 }),
		beforeRequest: async () => await pace.wait(rest),
	});
}
