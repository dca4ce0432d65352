import type { IDataObject } from 'n8n-workflow';

import type { Failure } from './failure';

/** An HTTP answer, whatever its status. */
export interface HttpAnswer {
	status: number;
	/** Where a renamed portal sends us. */
	location: string | null;
	/** Parsed if it was JSON. */
	body: unknown;
}

/** What came back: an answer, or the reason why there is none. */
export type Reply = { answered: true; answer: HttpAnswer } | { answered: false; failure: Failure };

/** Sends one POST with a JSON body, and follows no redirect. */
export type Transport = (url: string, parameters: IDataObject) => Promise<Reply>;
