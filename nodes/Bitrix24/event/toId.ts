// Fifteen digits are what a JavaScript number holds exactly, whatever the digits are.
const safeNumber = /^(?:0|[1-9]\d{0,14})$/;

/**
 * An id in the form that people expect in a column: a number when it is one, else the text as sent
 * (currencies are `CHE`, and a number with a leading zero or more than 15 digits would change).
 *
 * @param id as sent
 */
export function toId(id: string): number | string {
	return safeNumber.test(id) ? Number(id) : id;
}
