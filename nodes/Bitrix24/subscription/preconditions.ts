import { z } from 'zod';

import type { Client } from '../api/client';
import { ActionableError } from '../api/errors';
import { bitrixBoolean } from '../api/response';
import { parseUrl } from '../connection/portalUrl';
import { recordScope } from '../event/record';
import { menuPaths } from '../menuPaths';

const howToMend =
	'Set the environment variable WEBHOOK_URL to the public address of this n8n, such as https://n8n.your-company.com/ (N8N_WEBHOOK_URL, where it is set, counts first), restart n8n and activate the workflow again. An n8n without a public address can use the Bitrix24 Queue Trigger instead.';

const cloudPortal = /\.bitrix24\.[a-z.]+$/;

/**
 * Refuses a webhook URL that Bitrix24 will not call: it takes http and https only, and no host without a dot. A private
 * address is refused for a portal in Bitrix24's cloud only: a self-hosted one may well reach it.
 *
 * @param url the webhook URL that n8n would register
 * @param portalOrigin the portal's address
 * @throws ActionableError that says how to give n8n another one
 */
export function checkHandlerUrl(url: string, portalOrigin: string): void {
	const address = parseUrl(url);
	if (address === null) throw new ActionableError(`The webhook URL of this n8n is not an address: ${url}.`, howToMend);
	const { protocol, hostname } = address;
	if (protocol !== 'http:' && protocol !== 'https:') {
		throw new ActionableError(
			`Bitrix24 calls http and https addresses only, and the webhook URL of this n8n is ${url}.`,
			howToMend,
		);
	}
	const fromCloud = cloudPortal.test(new URL(portalOrigin).hostname);
	if (!hostname.includes('.') || (fromCloud && isPrivateHost(hostname))) {
		throw new ActionableError(
			`Bitrix24 cannot reach this n8n at ${url}: "${hostname}" is not a public address.`,
			howToMend,
		);
	}
}

const privateHost =
	/^(?:127\.|10\.|192\.168\.|169\.254\.|0\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$|\.(?:local|internal|lan|home|localhost|test)$/;

/** Whether a host is reached within its own network only. */
export function isPrivateHost(hostname: string): boolean {
	return !hostname.includes('.') || privateHost.test(hostname);
}

/**
 * Whether deliveries travel the internet unencrypted: Bitrix24 calls http addresses too, and each delivery carries tokens.
 *
 * @param url the webhook URL that n8n registers
 */
export function isUnencrypted(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && !isPrivateHost(hostname);
}

const appInfoSchema = z.object({ INSTALLED: bitrixBoolean });
const profileSchema = z.object({ ADMIN: bitrixBoolean });

/**
 * Makes sure that the app's events will arrive. Bitrix24 binds handlers of an app whose installation is not complete,
 * and never calls them; those of a user without administrator rights get that user's own changes only.
 *
 * @param whyAdministrator what a user without administrator rights lacks, in words that continue a sentence
 * @throws ActionableError that says what to do
 */
export async function checkReadiness(
	client: Client,
	whyAdministrator = 'so Bitrix24 would report only what this user does',
): Promise<void> {
	const { INSTALLED: installed } = await client.call('app.info', {}, appInfoSchema);
	if (!installed) {
		throw new ActionableError(
			"The app's installation in Bitrix24 is not complete, so Bitrix24 sends it no events.",
			`In Bitrix24, open ${menuPaths.apps}, edit the app, tick "Uses API only" and save (in English portals the box reads "Script only (no user interface)"); an app with pages of its own must call BX24.installFinish on its installation page. Then activate the workflow again.`,
		);
	}
	const { ADMIN: administrator } = await client.call('profile', {}, profileSchema);
	if (!administrator) {
		throw new ActionableError(
			`The credential is connected as a user who is not an administrator of the portal, ${whyAdministrator}.`,
			'Let an administrator of the portal open the credential and choose "Connect my account".',
		);
	}
}

/** What of the portal a trigger reads beside its events. */
export interface Reads {
	/** Codes of the selected events. */
	events: readonly string[];
	includeRecord: boolean;
	/** Whether people are looked up by their ids. */
	includeUser?: boolean;
}

// Each of the three shows names; the last one shows the least.
const userScopes = ['user', 'user_basic', 'user_brief'];

/**
 * Makes sure that the app may read what items are to hold. A portal that does not say what the app may is not asked twice:
 * what is missing is logged when it shows.
 *
 * @throws ActionableError that names the permission
 */
export async function checkPermissions(client: Client, { events, includeRecord, includeUser }: Reads): Promise<void> {
	const recordScopes = includeRecord ? [...new Set(events.flatMap((code) => recordScope(code) ?? []))] : [];
	if (recordScopes.length === 0 && !includeUser) return;
	const result = await client.tryCall('scope');
	const granted = z.array(z.string()).safeParse(result.ok ? result.result : null);
	if (!granted.success) return;
	const has = (scope: string) => granted.data.includes(scope);
	const lacking = recordScopes.find((scope) => !has(scope));
	if (lacking !== undefined) throw missingPermission(lacking, 'Include Record');
	if (includeUser && !userScopes.some(has)) throw missingPermission('user_brief', 'Include User');
}

function missingPermission(scope: string, option: string): ActionableError {
	return new ActionableError(
		`The Bitrix24 app lacks the permission "${scope}", without which "${option}" has nothing to add.`,
		`In Bitrix24, open ${menuPaths.apps}, add the permission to the app and save. Then connect the credential again and activate the workflow.`,
	);
}
