const hostName = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+(?::\d{1,5})?$/i;

/**
 * The portal that a delivery names, fit for a log: a sender can write anything there.
 *
 * @param domain `auth.domain` as delivered
 */
export function nameForLog(domain: string | undefined): string {
	return domain !== undefined && domain.length <= 253 && hostName.test(domain) ? domain : 'an unnamed sender';
}
