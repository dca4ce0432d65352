import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { withNodeErrors, toNodeError } from '../../../../nodes/Bitrix24/n8n/nodeError.js';

const node: INode = { id: '1', name: 'Trigger', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} };

async function thrownBy(error: unknown): Promise<NodeOperationError> {
	const thrown: unknown = await withNodeErrors(node, async () => await Promise.reject(error)).catch(
		(reason: unknown) => reason,
	);
	if (thrown instanceof NodeOperationError) return thrown;
	throw new Error('It threw something else');
}

describe('withNodeErrors', () => {
	it('returns what the work returns', async () => {
		expect(await withNodeErrors(node, async () => 7)).toBe(7);
	});

	it('says the whole advice in the message, since n8n shows nothing else of a refused activation', async () => {
		const thrown = await thrownBy(new ActionableError('The app is gone.', 'Install it again.'));
		expect(thrown.message).toBe('The app is gone. Install it again.');
		expect(thrown.description).toBe('Install it again.');
		expect([thrown.node, thrown.level]).toEqual([node, 'warning']);
	});

	it('hands an unexpected fault on in the name of the node', async () => {
		const thrown = await thrownBy(new TypeError('x is not a function'));
		expect(thrown.message).toBe('x is not a function');
		expect(thrown.node).toBe(node);
	});

	it.each(['a text', undefined, { token: 'secret' }])('does not show %p that was thrown', async (value) => {
		expect((await thrownBy(value)).message).toBe('Something unexpected happened in the Bitrix24 node.');
	});
});

describe('toNodeError', () => {
	it('says of a refusal what inWords says', async () => {
		const refusal = new ActionableError('The app is gone.', 'Install it again.');
		const { message, description, level } = await thrownBy(refusal);
		expect(toNodeError(node, refusal)).toMatchObject({ message, description, level, node });
	});
});
