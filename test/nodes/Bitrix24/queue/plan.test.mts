import { readPortalFeatures } from '../../../../nodes/Bitrix24/queue/setup.js';
import { simulatedPortal, refused, result } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';

describe('readPlan', () => {
	it.each([
		['Y', 'Y', true, true],
		['Y', 'N', true, false],
		['N', 'Y', false, true],
		['N', 'N', false, false],
	])(
		'looks up what the plan includes: reservation %s, own queues %s',
		async (first, second, reservation, namedQueues) => {
			const portal = simulatedPortal();
			portal.include({ rest_offline_extended: first, rest_auth_connector: second });
			expect(await readPortalFeatures(portalBehind(portal))).toEqual({ reservation, namedQueues });
			expect(portal.callsOf('feature.get')).toEqual([
				{ CODE: 'rest_offline_extended' },
				{ CODE: 'rest_auth_connector' },
			]);
		},
	);

	it.each([
		['that does not know the feature', refused(400, 'ERROR_ARGUMENT', 'Unknown feature')],
		['that does not know the method', refused(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!')],
		['that answers in a form of its own', result([])],
	])('takes a portal %s to have it: what it lacks shows when it is used', async (_, answer) => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', answer);
		expect(await readPortalFeatures(portalBehind(portal))).toEqual({ reservation: true, namedQueues: true });
	});

	it.each([
		[refused(403, 'insufficient_scope', ''), 'The Bitrix24 app lacks a permission that this needs.'],
		[refused(500, 'PORTAL_DELETED', ''), 'This Bitrix24 portal has been deleted.'],
	])('says what stands in the way of looking', async (answer, what) => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', answer);
		await expect(readPortalFeatures(portalBehind(portal))).rejects.toThrow(what);
	});
});
