import type { TransportResult } from '../../../../nodes/Bitrix24/api/client.js';
import type { CredentialMismatch } from '../../../../nodes/Bitrix24/api/response.js';
import { explainMismatch } from '../../../../nodes/Bitrix24/n8n/openClient.js';

const mismatch: CredentialMismatch = {
	about: 'portal',
	connected: 'https://b.example',
	entered: 'https://a.example',
};
const refused: TransportResult = { answered: false, failure: { status: 401, code: 'NO_ACCESS', description: 'x' } };

async function replyTo(reply: TransportResult, found: CredentialMismatch | null): Promise<TransportResult> {
	return await explainMismatch(async () => reply, { mismatch: found })('https://a.example/rest/app.info.json', {});
}

describe('explaining', () => {
	it('says what in the credential explains a refused access', async () => {
		expect(await replyTo(refused, mismatch)).toEqual({
			answered: false,
			failure: { status: 401, code: 'NO_ACCESS', description: 'x', mismatch },
		});
	});

	it.each<[string, TransportResult, CredentialMismatch | null]>([
		['a refused access that nothing explains', refused, null],
		['an answer', { answered: true, answer: { status: 200, location: null, body: {} } }, mismatch],
		['another failure', { answered: false, failure: { status: null, code: 'NO_ANSWER', description: 'x' } }, mismatch],
	])('adds nothing to %s', async (_name, reply, found) => {
		expect(await replyTo(reply, found)).toBe(reply);
	});
});
