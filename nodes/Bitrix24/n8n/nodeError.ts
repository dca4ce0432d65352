import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ActionableError } from '../api/errors';

/**
 * Runs work and throws its errors as n8n's own. n8n shows nothing but the message of a refused activation, so the advice is
 * part of it.
 *
 * @throws NodeOperationError with the whole advice as its message
 */
export async function withNodeErrors<T>(node: INode, work: () => Promise<T>): Promise<T> {
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
	if (error instanceof ActionableError) {
		return new NodeOperationError(node, error.message, { description: error.remedy, level: 'warning' });
	}
	return new NodeOperationError(
		node,
		error instanceof Error ? error : 'Something unexpected happened in the Bitrix24 node.',
	);
}

/** For the person who listens in the editor: every delivery will be rejected. */
export function tokenMismatchError(node: INode): NodeOperationError {
	const what =
		'The application token in the credential is not the one that the app has (reinstalling an app changes it).';
	const remedy =
		'Empty the field "Application Token" in the Bitrix24 OAuth2 API credential and save: the trigger then learns the token by itself when it is activated.';
	return new NodeOperationError(node, `${what} ${remedy}`, { description: remedy, level: 'warning' });
}
