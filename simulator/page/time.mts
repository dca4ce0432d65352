import { isoDate } from '../portal/isoDate.mjs';
import { type Html, html } from './html.mjs';

/** A time of day, as the clock of this machine shows it. @param at milliseconds since 1970 */
export function time(at: number): Html {
	return html`<time datetime="${isoDate(at)}">${new Date(at).toLocaleTimeString('en-GB')}</time>`;
}
