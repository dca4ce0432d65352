/** The part of n8n's contexts that reads the node's form. */
export interface Parameters {
	getNodeParameter(name: string, fallback?: unknown): unknown;
}
