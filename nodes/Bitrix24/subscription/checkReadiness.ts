import { z } from 'zod';

import { ask } from '../api/ask';
import type { Portal } from '../api/createPortal';
import { Refusal } from '../api/refusal';
import { yes } from '../api/yes';

const appInfo = z.object({ INSTALLED: yes });
const profile = z.object({ ADMIN: yes });

/**
 * Makes sure that the app's events will arrive. Bitrix24 binds handlers of an app whose installation is not complete,
 * and never calls them; those of a user without administrator rights hear that user's own changes only.
 *
 * @param whyAdministrator what a user without administrator rights lacks, in words that continue a sentence
 * @throws Refusal that says what to do
 */
export async function checkReadiness(
	portal: Portal,
	whyAdministrator = 'so Bitrix24 would report only what this user does',
): Promise<void> {
	const { INSTALLED: installed } = await ask(portal, 'app.info', {}, appInfo);
	if (!installed) {
		throw new Refusal(
			"The app's installation in Bitrix24 is not complete, so Bitrix24 sends it no events.",
			'In Bitrix24, open Developer resources > Integrations, edit the app, tick "Uses API only" and save (in English portals the box reads "Script only (no user interface)"); an app with pages of its own must call BX24.installFinish on its installation page. Then activate the workflow again.',
		);
	}
	const { ADMIN: administrator } = await ask(portal, 'profile', {}, profile);
	if (!administrator) {
		throw new Refusal(
			`The credential is connected as a user who is not an administrator of the portal, ${whyAdministrator}.`,
			'Let an administrator of the portal open the credential and choose "Connect my account".',
		);
	}
}
