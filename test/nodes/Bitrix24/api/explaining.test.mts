import type { Reply } from '../../../../nodes/Bitrix24/api/client.js';
import type { Contradiction } from '../../../../nodes/Bitrix24/api/response.js';
import { explaining } from '../../../../nodes/Bitrix24/n8n/openClient.js';

const contradiction: Contradiction = { about: 'portal', connected: 'https://b.example', entered: 'https://a.example' };
const refused: Reply = { answered: false, failure: { status: 401, code: 'NO_ACCESS', description: 'x' } };

async function replyTo(reply: Reply, found: Contradiction | null): Promise<Reply> {
	return await explaining(async () => reply, { contradiction: found })('https://a.example/rest/app.info.json', {});
}

describe('explaining', () => {
	it('says what in the credential explains a refused access', async () => {
		expect(await replyTo(refused, contradiction)).toEqual({
			answered: false,
			failure: { status: 401, code: 'NO_ACCESS', description: 'x', contradiction },
		});
	});

	it.each<[string, Reply, Contradiction | null]>([
		['a refused access that nothing explains', refused, null],
		['an answer', { answered: true, answer: { status: 200, location: null, body: {} } }, contradiction],
		[
			'another failure',
			{ answered: false, failure: { status: null, code: 'NO_ANSWER', description: 'x' } },
			contradiction,
		],
	])('adds nothing to %s', async (_name, reply, found) => {
		expect(await replyTo(reply, found)).toBe(reply);
	});
});
