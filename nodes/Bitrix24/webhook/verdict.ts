/** Why a delivery is not accepted, as the answer names it. */
export type RefusalCode =
	| 'INVALID_APPLICATION_TOKEN'
	| 'WRONG_PORTAL'
	| 'EXPIRED_EVENT'
	| 'INVALID_EVENT'
	| 'NOT_CONFIGURED';

/** What is known of a delivery once its proofs have been looked at. */
export type Verdict =
	| { kind: 'proven' }
	/** It brought our challenge back, and with it the application token. */
	| { kind: 'taught'; hash: string; taughtAt: number }
	/** It brought back the challenge of an editor that is listening for a sample. */
	| { kind: 'sample' }
	/** It did so, but with another application token than the credential's: only the app's own portal can have sent it. */
	| { kind: 'outdated' }
	| { kind: 'refused'; code: RefusalCode; reason: string };

/** A delivery that has no valid application token. */
export function unproven(reason: string): Verdict {
	return { kind: 'refused', code: 'INVALID_APPLICATION_TOKEN', reason };
}
