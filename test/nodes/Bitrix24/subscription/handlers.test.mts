import fc from 'fast-check';

import { tokenWatchOf } from '../../../../nodes/Bitrix24/applicationToken/question.js';
import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import type { Destination, Handler } from '../../../../nodes/Bitrix24/subscription/handlers.js';
import {
	currentHandlers,
	diff,
	reconcile,
	removeLearningHandler,
} from '../../../../nodes/Bitrix24/subscription/handlers.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { productionUrl, webhookContext } from '../../../fakes/webhookContext.mjs';

const ours = { kind: 'online' as const, handler: productionUrl };

async function read(rows: unknown, address: Parameters<typeof currentHandlers>[1] = ours) {
	const portal = simulatedPortal();
	portal.answers.set('event.get', result(rows));
	return await currentHandlers(portalBehind(portal), address);
}

describe('currentHandlers', () => {
	it('lists what is collected without a name in the queue that everything without a name shares', async () => {
		const rows = [
			{ event: 'ONCRMLEADADD', offline: 1 },
			{ event: 'ONCRMLEADDELETE', offline: 1, connector_id: 'x' },
		];
		const found = await read(rows, { kind: 'offline', connector: null });
		expect(found.map(({ event }) => event)).toEqual(['ONCRMLEADADD']);
	});

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
});

const code = fc.constantFrom('A', 'B', 'C', 'D');
const desiredCodes = fc.array(code, { maxLength: 6 });
const authType = fc.constantFrom(undefined, '', '0', '1', '27');
const anyHandlers: fc.Arbitrary<Handler[]> = fc.array(fc.record({ event: code, authType }), { maxLength: 8 });
const isGeneral = ({ authType: whose }: Handler) => whose === undefined || whose === '' || whose === '0';

describe('diff', () => {
	it('leaves exactly one handler for every wanted event, and the general one where there is one', () => {
		fc.assert(
			fc.property(desiredCodes, anyHandlers, (desired, current) => {
				const { missing, surplus: surplus } = diff(desired, current);
				const kept = current.filter((one) => !surplus.includes(one));
				const after = [...kept.map(({ event }) => event), ...missing].sort();
				expect(after).toEqual([...new Set(desired)].sort());
				for (const one of kept) {
					const rivals = current.filter(({ event }) => event === one.event);
					expect(isGeneral(one)).toBe(rivals.some(isGeneral));
				}
			}),
		);
	});

	it('takes down only what is bound, each handler once', () => {
		fc.assert(
			fc.property(desiredCodes, anyHandlers, (desired, current) => {
				const { surplus: surplus } = diff(desired, current);
				expect(surplus.every((one) => current.includes(one))).toBe(true);
				expect(new Set(surplus).size).toBe(surplus.length);
			}),
		);
	});
});

const online: Destination = { kind: 'online', handler: productionUrl };
const bound = (event: string, user = '0') => ({ event, handler: productionUrl, auth_type: user, offline: 0 });

describe('reconcile', () => {
	it('binds and unbinds exactly the event and our URL, for the user whose handler it is', async () => {
		const portal = simulatedPortal();
		portal.bind(bound('ONCRMDEALADD'), bound('ONCRMLEADADD'), bound('ONCRMLEADADD', '27'));
		await reconcile({ client: portalBehind(portal), destination: online }, ['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		expect(portal.calls.map(({ method, parameters }) => [method, parameters])).toEqual([
			['event.get', {}],
			['event.bind', { event: 'ONCRMLEADDELETE', handler: productionUrl }],
			['event.unbind', { event: 'ONCRMDEALADD', handler: productionUrl, auth_type: '0' }],
			['event.unbind', { event: 'ONCRMLEADADD', handler: productionUrl, auth_type: '27' }],
		]);
		expect(portal.handlers()).toEqual([bound('ONCRMLEADADD'), bound('ONCRMLEADDELETE')]);
	});

	const queue: Destination = { kind: 'offline', connector: 'ours' };
	const collected = { event: 'ONCRMLEADDELETE', connector_id: 'ours', offline: 1 };
	const lost = new Error('read ECONNRESET');

	it.each([
		['whose answer was lost', lost, queue, 1],
		['whose answer cannot be read', result(7), queue, 1],
		['at which the portal broke down', refused(500, 'INTERNAL_SERVER_ERROR', ''), queue, 1],
		['that the portal has refused', refused(403, 'ACCESS_DENIED', ''), queue, 0],
		['that failed with the code of one that is there', refused(400, 'ERROR_CORE', 'Unable to set handler'), queue, 0],
		['that failed in the words for it', refused(400, 'ERROR_ARGUMENT', 'Handler already binded'), queue, 0],
		// n8n takes the whole trigger down.
		['at a URL whose answer was lost', lost, online, 0],
	])('counts no binding %s, and takes down what may collect for nobody', async (_name, answer, destination, times) => {
		const portal = simulatedPortal();
		portal.answers.set('event.bind', answer);
		portal.answers.set('event.get', result([]));
		portal.bind(collected);
		const reconciling = reconcile({ client: portalBehind(portal), destination }, ['ONCRMLEADDELETE']);
		await expect(reconciling).rejects.toThrow(ActionableError);
		const unbinding = { event: 'ONCRMLEADDELETE', event_type: 'offline', auth_connector: 'ours' };
		expect(portal.callsOf('event.unbind')).toEqual(Array(times).fill(unbinding));
	});
});

describe('taking a handler down', () => {
	/** What is bound is not wanted, and the portal answers so to its unbinding. */
	async function unbinding(answer: Parameters<SimulatedPortal['answers']['set']>[1]): Promise<SimulatedPortal> {
		const portal = simulatedPortal();
		portal.bind(bound('ONCRMLEADDELETE'));
		portal.answers.set('event.unbind', answer);
		await reconcile({ client: portalBehind(portal), destination: online }, []);
		return portal;
	}

	it('does not mind that it is gone already', async () => {
		expect((await unbinding(result({ count: 0 }))).callsOf('event.unbind')).toHaveLength(1);
	});

	it.each([
		['does not say how many it has taken down', result(7), 'event.unbind answered in an unknown form'],
		['refuses', refused(403, 'INVALID_CREDENTIALS', ''), 'lacks the rights'],
	])('throws what can be done when the portal %s', async (_name, answer, words) => {
		await expect(unbinding(answer)).rejects.toThrow(words);
	});
});

describe('removeLearningHandler', () => {
	it('says so in the log when the portal refuses', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.unbind', refused(403, 'ACCESS_DENIED', 'no'));
		const { context, log } = webhookContext({ portal });
		removeLearningHandler(context, portalBehind(portal), productionUrl);
		const watch = tokenWatchOf(context);
		await watch.unbinding;
		expect(watch.unbinding).toBeUndefined();
		expect(log).toEqual([
			'Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it has learned its application token, but could not take its ONAPPTEST handler down (ACCESS_DENIED). The next activation or deactivation of the workflow does.',
		]);
	});
});
