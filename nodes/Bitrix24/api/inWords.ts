import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { Refusal } from './refusal';

/**
 * Runs what may be refused, and hands a refusal to n8n. n8n shows nothing but the message of a refused activation, so the
 * advice is part of it.
 *
 * @param node the node that is refused
 * @param work what to do
 * @throws NodeOperationError with the whole advice as its message
 */
export async function inWords<T>(node: INode, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw toNodeError(node, error);
	}
}

/**
 * Puts what went wrong into n8n's own form, with the whole advice as its message.
 *
 * @param node the node in which it happened
 */
export function toNodeError(node: INode, error: unknown): NodeOperationError {
	if (error instanceof Refusal) {
		return new NodeOperationError(node, error.message, { description: error.remedy, level: 'warning' });
	}
	return new NodeOperationError(
		node,
		error instanceof Error ? error : 'Something unexpected happened in the Bitrix24 node.',
	);
}
