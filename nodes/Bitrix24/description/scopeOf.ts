import { canonicalCode } from '../event/canonicalCode';
import { eventCatalogue } from './eventCatalogue';

/**
 * The permission that an app needs for an event.
 *
 * @param code in any case
 * @returns null when every app may have it, or it is not a documented event
 */
export function scopeOf(code: string): string | null {
	const canonical = canonicalCode(code);
	const scope = eventCatalogue.find((event) => event.code === canonical)?.scope ?? null;
	return scope === 'basic' ? null : scope;
}
