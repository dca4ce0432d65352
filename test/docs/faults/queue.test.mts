import { expectPart } from './comparePage.mjs';
import { ofQueue } from './ofQueue.mjs';

jest.setTimeout(600_000);

it('docs/faults.md says what becomes of each fault in each call of Bitrix24 Queue Trigger', async () => {
	await expectPart('Bitrix24 Queue Trigger', ofQueue);
});
