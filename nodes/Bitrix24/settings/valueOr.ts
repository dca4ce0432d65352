import type { ZodType, ZodTypeDef } from 'zod';

/**
 * Reads a value of a node's form, which an expression can make anything.
 *
 * @param form what it has to be
 * @param value as n8n gives it
 * @param fallback what counts where it is something else
 */
export function valueOr<T>(form: ZodType<T, ZodTypeDef, unknown>, value: unknown, fallback: T): T {
	// zod's own `catch` copies its whole state for each value, which costs more than everything else in a delivery's form.
	const read = form.safeParse(value);
	return read.success ? read.data : fallback;
}
