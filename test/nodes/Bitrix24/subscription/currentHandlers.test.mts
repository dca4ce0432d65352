import { currentHandlers } from '../../../../nodes/Bitrix24/subscription/handlers.js';
import { simulatedPortal, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';

const ours = { kind: 'online' as const, handler: productionUrl };

async function read(rows: unknown, address: Parameters<typeof currentHandlers>[1] = ours) {
	const portal = simulatedPortal();
	portal.answers.set('event.get', result(rows));
	return await currentHandlers(portalBehind(portal), address);
}

describe('currentHandlers', () => {
	it('lists what is bound at our URL, and nothing of others', async () => {
		const rows = [
			{ event: 'ONCRMLEADDELETE', handler: productionUrl, auth_type: '0', offline: 0 },
			{ event: 'onTaskAdd', handler: productionUrl, auth_type: 27, offline: '0' },
			{ event: 'ONTASKADD', handler: `${productionUrl}/`, auth_type: '0', offline: 0 },
			{ event: 'ONTASKADD', handler: 'https://other.example.com/', auth_type: '0', offline: 0 },
			{ event: 'ONTASKADD', connector_id: productionUrl, offline: 1 },
			{ event: 'ONTASKADD', handler: productionUrl, offline: 1 },
		];
		expect(await read(rows)).toEqual([
			{ event: 'ONCRMLEADDELETE', authType: '0' },
			{ event: 'ONTASKADD', authType: '27' },
		]);
	});

	it('lists what is queued under our name, and nothing of others', async () => {
		const rows = [
			{ event: 'ONCRMLEADDELETE', connector_id: 'ours', offline: 1 },
			{ event: 'onTaskAdd', connector_id: 'ours', offline: '1' },
			{ event: 'ONTASKADD', connector_id: 'Ours', offline: 1 },
			{ event: 'ONTASKADD', connector_id: '', offline: 1 },
			{ event: 'ONTASKADD', offline: 1 },
			{ event: 'ONTASKADD', connector_id: 'ours', handler: productionUrl, offline: 0 },
		];
		expect(await read(rows, { kind: 'offline', connector: 'ours' })).toEqual([
			{ event: 'ONCRMLEADDELETE', authType: undefined },
			{ event: 'ONTASKADD', authType: undefined },
		]);
	});

	it.each([null, ''])('lists what is queued in the shared queue (%p)', async (connector) => {
		const rows = [
			{ event: 'A', connector_id: '', offline: 1 },
			{ event: 'B', connector_id: null, offline: 1 },
			{ event: 'C', offline: 1 },
			{ event: 'D', connector_id: 'ours', offline: 1 },
			{ event: 'E', connector_id: '', offline: 0 },
		];
		const events = (await read(rows, { kind: 'offline', connector })).map(({ event }) => event);
		expect(events).toEqual(['A', 'B', 'C']);
	});

	it('bears with fields that are missing or of another kind', async () => {
		const rows = [
			{ event: 'A', handler: productionUrl },
			{ event: 'B', handler: productionUrl, auth_type: [], offline: 'x' },
			{ event: 'C', handler: [] },
		];
		expect(await read(rows)).toEqual([
			{ event: 'A', authType: undefined },
			{ event: 'B', authType: undefined },
		]);
	});

	it('throws what can be done when the portal does not tell', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.get', refused(403, 'insufficient_scope', ''));
		await expect(currentHandlers(portalBehind(portal), ours)).rejects.toThrow('lacks a permission');
		await expect(read([{ handler: productionUrl }])).rejects.toThrow('event.get answered in an unknown form');
	});
});
