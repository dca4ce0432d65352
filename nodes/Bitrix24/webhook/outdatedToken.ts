import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** Tells the person who listens in the editor that every delivery will be refused. */
export function outdatedToken(node: INode): NodeOperationError {
	const what =
		'The application token in the credential is not the one that the app has (reinstalling an app changes it).';
	const remedy =
		'Empty the field "Application Token" in the Bitrix24 OAuth2 API credential and save: the trigger then learns the token by itself when it is activated.';
	return new NodeOperationError(node, `${what} ${remedy}`, { description: remedy, level: 'warning' });
}
