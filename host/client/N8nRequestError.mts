/** What n8n's REST API said when it refused a request. */
export class N8nRequestError extends Error {
	override readonly name = 'N8nRequestError';

	/**
	 * @param status HTTP status of the answer
	 * @param answer the `message` of n8n's answer, or its text when it is no JSON
	 */
	constructor(
		readonly method: string,
		readonly path: string,
		readonly status: number,
		readonly answer: string,
	) {
		super(`n8n answered ${method} ${path} with ${status}: ${answer}`);
	}
}
