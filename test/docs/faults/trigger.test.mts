import { expectPart } from './comparePage.mjs';
import { ofTrigger } from './ofTrigger.mjs';

// Real connections can shift a moment by which something is told or not: a difference counts that is there twice.
jest.retryTimes(1);
jest.setTimeout(600_000);

it('docs/faults.md says what becomes of each fault in each call of Bitrix24 Trigger', async () => {
	await expectPart('Bitrix24 Trigger', ofTrigger);
});
