import { checkReadiness } from '../../../../nodes/Bitrix24/subscription/preconditions.js';
import { simulatedPortal, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';

describe('checkReadiness', () => {
	it.each([true, 'Y', '1'])('is content with an installed app and an administrator (%p)', async (ADMIN) => {
		const portal = simulatedPortal();
		portal.answers.set('profile', result({ ADMIN }));
		await expect(checkReadiness(portalBehind(portal))).resolves.toBeUndefined();
		expect(portal.calls.map(({ method }) => method)).toEqual(['app.info', 'profile']);
	});

	it('refuses an app whose installation is not complete: Bitrix24 would bind its handlers and never call them', async () => {
		const portal = simulatedPortal();
		portal.simulator.app.installed = false;
		await expect(checkReadiness(portalBehind(portal))).rejects.toThrow(
			/^The app's installation in Bitrix24 is not complete, so Bitrix24 sends it no events\. In Bitrix24, open Developer resources > Integrations.*BX24\.installFinish.*Then activate the workflow again\.$/,
		);
	});

	it.each([false, 'N', undefined])('refuses a user who is no administrator (%p)', async (ADMIN) => {
		const portal = simulatedPortal();
		portal.answers.set('profile', result({ ADMIN }));
		await expect(checkReadiness(portalBehind(portal))).rejects.toThrow(
			'The credential is connected as a user who is not an administrator of the portal, so Bitrix24 would report only what this user does. Let an administrator of the portal open the credential and choose "Connect my account".',
		);
	});

	it('says what else an administrator is needed for', async () => {
		const portal = simulatedPortal();
		portal.answers.set('profile', result({ ADMIN: false }));
		await expect(checkReadiness(portalBehind(portal), 'and only they may read the queue')).rejects.toThrow(
			'is not an administrator of the portal, and only they may read the queue.',
		);
	});

	it.each([
		[
			'app.info',
			refused(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans'),
			/plan does not include/,
		],
		['app.info', result([]), /app\.info answered in an unknown form/],
		['profile', refused(403, 'insufficient_scope', ''), /lacks a permission/],
		['profile', result('x'), /profile answered in an unknown form/],
	])('says why %s does not tell', async (method, answer, words) => {
		const portal = simulatedPortal();
		portal.answers.set(method, answer);
		await expect(checkReadiness(portalBehind(portal))).rejects.toThrow(words);
	});
});
