import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text, hexadecimal. */
export function hashOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

/**
 * Compares secrets by their hashes, so that the time it takes tells nothing about how much of a guess is right.
 *
 * @param candidate what was delivered, of any length
 * @param hash the right secret's hash, from `hashOf`
 */
export function isSameSecret(candidate: string, hash: string): boolean {
	return timingSafeEqual(Buffer.from(hashOf(candidate), 'hex'), Buffer.from(hash, 'hex'));
}
