import { canonicalCode } from './canonicalCode';

/**
 * Whether the user chose an event, under either of its names.
 *
 * @param code as delivered
 * @param selected codes in upper case
 */
export function isSelected(code: string, selected: readonly string[]): boolean {
	const canonical = canonicalCode(code);
	return selected.some((choice) => canonicalCode(choice) === canonical);
}
