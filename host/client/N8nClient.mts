import * as credentials from './credentials.mjs';
import * as executions from './executions.mjs';
import { N8nSession } from './N8nSession.mjs';
import { loadOptions, nodeTypes } from './nodeTypes.mjs';
import { listenForTestEvent } from './testEvents.mjs';
import * as workflows from './workflows.mjs';

/** Who owns the n8n. */
export interface Owner {
	email: string;
	/** At least eight characters with a digit and a capital letter, else n8n refuses it. */
	password: string;
	firstName: string;
	lastName: string;
}

/** An owner for an n8n that only this machine can reach. */
export const DEFAULT_OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Bitrix24-demo',
	firstName: 'Olivia',
	lastName: 'Owner',
};

/** A person at n8n's editor, over HTTP. What is not described here is described at the function of the same name. */
export class N8nClient {
	readonly session: N8nSession;

	/** @param url n8n's address, e.g. `http://127.0.0.1:5678` */
	constructor(url: string) {
		this.session = new N8nSession(url.replace(/\/+$/, ''));
	}

	/** Makes the first user of a fresh n8n and logs in as that user. */
	async setUpOwner(owner: Owner = DEFAULT_OWNER): Promise<void> {
		await this.session.send('POST', '/rest/owner/setup', owner);
	}

	readonly nodeTypes = this.#inSession(nodeTypes);
	readonly loadOptions = this.#inSession(loadOptions);

	readonly createCredential = this.#inSession(credentials.createCredential);
	readonly getCredential = this.#inSession(credentials.getCredential);
	readonly updateCredential = this.#inSession(credentials.updateCredential);
	readonly deleteCredential = this.#inSession(credentials.deleteCredential);
	readonly credentialTest = this.#inSession(credentials.credentialTest);
	readonly connectOAuth2 = this.#inSession(credentials.connectOAuth2);

	readonly createWorkflow = this.#inSession(workflows.createWorkflow);
	readonly updateWorkflow = this.#inSession(workflows.updateWorkflow);
	readonly activate = this.#inSession(workflows.activate);
	readonly deactivate = this.#inSession(workflows.deactivate);

	readonly executions = this.#inSession(executions.executions);
	readonly countExecutions = this.#inSession(executions.countExecutions);
	readonly execution = this.#inSession(executions.execution);
	readonly retryExecution = this.#inSession(executions.retryExecution);
	readonly waitForExecutions = this.#inSession(executions.waitForExecutions);

	readonly listenForTestEvent = this.#inSession(listenForTestEvent);

	#inSession<Given extends unknown[], Result>(act: (session: N8nSession, ...given: Given) => Promise<Result>) {
		return async (...given: Given): Promise<Result> => await act(this.session, ...given);
	}
}
