import { connectionOf } from '../../../../nodes/Bitrix24/api/connection';
import { askerOf } from '../../../../nodes/Bitrix24/subscription/asker';
import { ourTrigger } from '../../../fakes/challenge';
import { connectedApp } from '../../../fakes/credentials';
import { hookContext } from '../../../fakes/hookContext';
import { webhookContext } from '../../../fakes/webhookContext';

const read = connectionOf(connectedApp);
if (!read.ok) throw new Error('The test is not connected');
const { connection } = read;

describe('askerOf', () => {
	it('names the trigger in the same words when it asks and when the answer comes', () => {
		expect(askerOf(hookContext().context, connection)).toEqual(ourTrigger);
		expect(askerOf(webhookContext({}).context, connection)).toEqual(ourTrigger);
	});

	it('names a workflow that is not saved yet by nothing', () => {
		const { context } = hookContext();
		context.getWorkflow = () => ({ active: false });
		expect(askerOf(context, connection).workflowId).toBe('');
	});
});
