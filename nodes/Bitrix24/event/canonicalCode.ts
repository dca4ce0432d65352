// Bitrix24's documentation called the lead-deleted event ONLEADDELETE until it was corrected; portals register and send
// ONCRMLEADDELETE. It is the only documented event with two names: ONLEADADD and ONLEADUPDATE do not stand there.
const olderNames = new Map([['ONLEADDELETE', 'ONCRMLEADDELETE']]);

/**
 * Brings an event's code into the one form in which two codes can be compared.
 *
 * @param code a code as a user typed it, or as a portal sent it, in any case
 * @returns the code in upper case without surrounding space, `ONCRMLEADDELETE` for both names of the lead-deleted event
 */
export function canonicalCode(code: string): string {
	const upper = code.trim().toUpperCase();
	return olderNames.get(upper) ?? upper;
}
