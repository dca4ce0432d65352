import { expectPart } from './comparePage.mjs';
import { ofTrigger } from './ofTrigger.mjs';

jest.setTimeout(600_000);

it('docs/faults.md says what becomes of each fault in each call of Bitrix24 Trigger', async () => {
	await expectPart('Bitrix24 Trigger', ofTrigger);
});
