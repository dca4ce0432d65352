import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import type { Verification } from '../../../../nodes/Bitrix24/webhook/verify.js';
import type { AppTrust } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import { verifyApp } from '../../../../nodes/Bitrix24/webhook/verifyApp.js';
import { appAuth } from '../../../fakes/delivery.mjs';

const address = 'https://n8n.example.com/webhook/0d2f/webhook';
const challenges = new Map([
	['learn at 999', { purpose: 'learn' as const, issuedAt: 999, address }],
	['learn at 1000', { purpose: 'learn' as const, issuedAt: 1_000, address }],
	['learn at 1001', { purpose: 'learn' as const, issuedAt: 1_001, address }],
	['sample', { purpose: 'sample' as const, issuedAt: 1_001, address }],
]);

/** Judges a payload. Nothing is known, and the portal accepts no access token; a test says what differs. */
export async function judge(
	payload: object,
	known: Partial<AppTrust> & { learned?: { hash: string; taughtAt: number } | null } = {},
): Promise<Verification> {
	const event = parseEvent(payload as never);
	if (event === null) throw new Error('The test delivers no event');
	return await verifyApp(event, {
		memberId: appAuth.member_id,
		givenToken: null,
		learned: null,
		isOutdated: false,
		taughtAt: known.learned?.taughtAt ?? null,
		isListening: false,
		// Forgiving: that only a text is asked about is judgeApp's to see to.
		readChallenge: (value) => challenges.get(String(value)) ?? null,
		now: 1_000,
		ownerOf: async () => null,
		tokenMissing: () => undefined,
		...known,
	});
}

/** What judgeApp says of a delivery whose application token is not the right one. */
export const invalidToken = expect.objectContaining({ kind: 'rejected', code: 'INVALID_APPLICATION_TOKEN' });
