/** An n8n that is ready to start. */
export interface N8nInstall {
	version: string;
	/** The folder that holds n8n's `package.json` and `node_modules`. */
	n8nFolder: string;
	/** The Node.js that runs it. */
	nodeBinary: string;
}
