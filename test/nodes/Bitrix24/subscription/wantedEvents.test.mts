import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { Connection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { nothingSelected, wantedEvents } from '../../../../nodes/Bitrix24/subscription/selectedEvents.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';

function connectionWith(scope: string[]): Connection {
	const read = parseConnection(connectedApp);
	if (!read.ok) throw new Error('The test is not connected');
	return { ...read.connection, scope };
}

const wanted = async (selected: string[], scope = ['crm'], portal = simulatedPortal()) =>
	await wantedEvents(portalBehind(portal), connectionWith(scope), selected);

describe('wantedEvents', () => {
	it("finds the portal's own codes of what is selected", async () => {
		expect(await wanted(['onLeadDelete', 'ONCRMDYNAMICITEMADD_1220'])).toEqual([
			'ONCRMLEADDELETE',
			'ONCRMDYNAMICITEMADD_1220',
		]);
	});

	it('refuses when nothing is selected, without asking the portal', async () => {
		const portal = simulatedPortal();
		await expect(wanted([], ['crm'], portal)).rejects.toThrow(nothingSelected().message);
		expect(portal.calls).toEqual([]);
	});

	it('names the nearest events that the portal knows, each once', async () => {
		await expect(wanted(['ONCRMLEADDELETED', 'ONCRMLEADDELETEX', 'ONCRMLEADDELETE'])).rejects.toThrow(
			'This portal does not know ONCRMLEADDELETED, ONCRMLEADDELETEX. Events with similar names that it knows: ONCRMLEADDELETE, ONCRMLEADADD, ONCRMLEADUPDATE. Choose the event from the list, or correct its code.',
		);
	});

	it('names the one event that is like it', async () => {
		const portal = simulatedPortal();
		portal.simulator.events = ['ONCRMDEALADD'];
		await expect(wanted(['ONCRMDEALADDED'], ['crm'], portal)).rejects.toThrow('that it knows: ONCRMDEALADD.');
	});

	it('names the one permission that the app lacks', async () => {
		await expect(wanted(['ONTASKADD'])).rejects.toThrow('it lacks the permission "task".');
	});

	it('says it plainly when it knows none that is like it', async () => {
		await expect(wanted(['ONQUUX'])).rejects.toThrow(
			'This portal does not know ONQUUX. Choose the event from the list',
		);
	});

	it('names the permissions that the app lacks, each once', async () => {
		const selected = ['ONTASKADD', 'ONTASKUPDATE', 'ONCALENDARENTRYADD', 'ONCRMLEADADD'];
		await expect(wanted(selected)).rejects.toThrow(
			'This portal does not offer ONTASKADD, ONTASKUPDATE, ONCALENDARENTRYADD to the app: it lacks the permission "task", "calendar". In Bitrix24, open Developer resources > Integrations, add the permission to the app and save.',
		);
	});

	it('does not blame a permission that the app has, or that nobody knows it lacks', async () => {
		await expect(wanted(['ONTASKADD'], ['task'])).rejects.toThrow('This portal does not know ONTASKADD.');
		await expect(wanted(['ONTASKADD'], [])).rejects.toThrow('This portal does not know ONTASKADD.');
		await expect(wanted(['ONAPPINSTALL'])).rejects.toThrow('This portal does not know ONAPPINSTALL.');
	});

	it('says why the portal does not tell', async () => {
		const portal = simulatedPortal();
		portal.answers.set('events', refused(403, 'ACCESS_DENIED', 'Application context required'));
		await expect(wanted(['ONCRMLEADADD'], ['crm'], portal)).rejects.toThrow('Bitrix24 denied access');
	});
});

describe('nothingSelected', () => {
	it('says where to choose', () => {
		expect(nothingSelected()).toBeInstanceOf(ActionableError);
		expect(nothingSelected().message).toBe(
			'No event is selected. Choose at least one event in "Trigger On" or "Other Event Names or IDs".',
		);
	});
});
