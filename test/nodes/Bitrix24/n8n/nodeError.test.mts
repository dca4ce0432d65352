import type { INode } from 'n8n-workflow';

import { withNodeErrors } from '../../../../nodes/Bitrix24/n8n/nodeError.js';

const node: INode = { id: '1', name: 'Trigger', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} };
const nothing = 'Something unexpected happened in the Bitrix24 node.';

describe('withNodeErrors', () => {
	it.each([
		['an unexpected fault as it is', new TypeError('x is not a function'), 'x is not a function'],
		['nothing of a text', 'a text', nothing],
		['nothing of nothing', undefined, nothing],
		['nothing of what is no error', { token: 'secret' }, nothing],
	])('shows %s, in the name of the node', async (_name, thrown, message) => {
		const failing = withNodeErrors(node, async () => await Promise.reject(thrown));
		await expect(failing).rejects.toMatchObject({ message, node });
	});
});
