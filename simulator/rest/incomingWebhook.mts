/** An incoming webhook: REST on behalf of one user, by a secret in the address. */
export interface IncomingWebhook {
	userId: number;
	secret: string;
	scope: string[];
}
