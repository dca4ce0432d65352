import { hash as digest, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text, hexadecimal. */
export function hashOf(secret: string): string {
	return digest('sha256', secret);
}

/**
 * Compares secrets by their hashes, so that the time it takes tells nothing about how much of a guess is right.
 *
 * @param candidate what was delivered, of any length
 * @param hash the right secret's hash, from `hashOf`
 */
export function isSameSecret(candidate: string, hash: string): boolean {
	return timingSafeEqual(digest('sha256', candidate, 'buffer'), Buffer.from(hash, 'hex'));
}
