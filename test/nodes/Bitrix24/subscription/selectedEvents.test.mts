import fc from 'fast-check';

import type { Connection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { eventCatalogue } from '../../../../nodes/Bitrix24/event/catalogue.js';
import { nearestCodes, resolveEvents, wantedEvents } from '../../../../nodes/Bitrix24/subscription/selectedEvents.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

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
		await expect(wanted([], ['crm'], portal)).rejects.toThrow(
			'No event is selected. Choose at least one event in "Trigger On" or "Other Event Names or IDs".',
		);
		expect(portal.calls).toEqual([]);
	});

	it('names the nearest events that the portal knows, each once', async () => {
		await expect(wanted(['ONCRMLEADDELETED', 'ONCRMLEADDELETEX', 'ONCRMLEADDELETE'])).rejects.toThrow(
			'This portal does not know ONCRMLEADDELETED, ONCRMLEADDELETEX. Events with similar names that it knows: ONCRMLEADDELETE, ONCRMLEADADD, ONCRMLEADUPDATE. Choose the event from the list, or correct its code.',
		);
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
});

const known = ['ONCRMLEADADD', 'ONCRMLEADDELETE', 'ONTASKADD'];

describe('resolveEvents', () => {
	it("finds the portal's own codes, each once, in the order of the selection", () => {
		expect(resolveEvents([' onTaskAdd ', 'ONCRMLEADADD', 'ONTASKADD'], known)).toEqual({
			codes: ['ONTASKADD', 'ONCRMLEADADD'],
			unknown: [],
		});
	});
});

describe('the nearest codes', () => {
	const known = eventCatalogue.map(({ code }) => code);

	describe('nearestCodes', () => {
		it.each([
			['ONCRMLEADDELETED', 'ONCRMLEADDELETE'],
			['ONLEADDELET', 'ONCRMLEADDELETE'],
			['ONCRMLEADUPDATED', 'ONCRMLEADUPDATE'],
		])('finds for %s first %s', (code, nearest) => {
			expect(nearestCodes(code, known)[0]).toBe(nearest);
		});

		it('finds three at most, or as many as asked for', () => {
			expect(nearestCodes('ONCRMLEAD', known)).toHaveLength(3);
			expect(nearestCodes('ONCRMLEAD', known, 5)).toHaveLength(5);
		});

		it('puts the nearer first, and those that are as near in alphabetical order', () => {
			expect(nearestCodes('ABCD', ['XBCD', 'ABCX', 'ABCD', 'ABCDE'])).toEqual(['ABCD', 'ABCDE', 'ABCX']);
			expect(nearestCodes('ABCD', ['XBCD', 'ABCX'])).toEqual(['ABCX', 'XBCD']);
		});

		it('leaves out what shares less than half', () => {
			expect(nearestCodes('ABC', ['ABX'])).toEqual(['ABX']);
			expect(nearestCodes('ABCD', ['ABXY'])).toEqual([]);
			expect(nearestCodes('SOMETHING', known)).toEqual([]);
		});

		it.each([
			['', ['A', '']],
			['A', ['A', 'B', '']],
		])('finds nothing for %p, which has no two letters', (code, list) => {
			expect(nearestCodes(code, list)).toEqual([]);
		});

		it('finds something for a known code, and nothing that is not known, whatever else is known', () => {
			const code = fc.string({ unit: fc.constantFrom(...'ABCDE'), minLength: 2, maxLength: 8 });
			fc.assert(
				fc.property(code, fc.array(code), (own, others) => {
					const nearest = nearestCodes(own, [...others, own]);
					expect([1, 2, 3]).toContain(nearest.length);
					expect([...others, own]).toEqual(expect.arrayContaining(nearest));
				}),
			);
		});
	});
});
