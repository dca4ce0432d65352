import { challengeScope } from '../../../../nodes/Bitrix24/applicationToken/challenge.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { ourTrigger } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const read = parseConnection(connectedApp);
if (!read.ok) throw new Error('The test is not connected');
const { connection } = read;

describe('askerOf', () => {
	it('names the trigger in the same words when it asks and when the answer comes', () => {
		expect(challengeScope(hookContext().context, connection)).toEqual(ourTrigger);
		expect(challengeScope(webhookContext({}).context, connection)).toEqual(ourTrigger);
	});

	it('names a workflow that is not saved yet by nothing', () => {
		const { context } = hookContext();
		context.getWorkflow = () => ({ active: false });
		expect(challengeScope(context, connection).workflowId).toBe('');
	});
});
