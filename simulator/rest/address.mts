/** What a REST address names: a method, and for an incoming webhook the user and secret in front of it. */
export interface RestAddress {
	/** Lower case, without `.json`. */
	method: string;
	webhook?: { userId: string; secret: string };
}

/** Reads what follows `/rest` in a path: `/METHOD`, `/METHOD.json` or `/USERID/SECRET/METHOD.json`. */
export function readAddress(path: string): RestAddress {
	const parts = path.split('/').filter((part) => part !== '');
	const method = (parts.at(-1) ?? '').replace(/\.(json|xml)$/i, '').toLowerCase();
	const [userId, secret] = parts;
	return parts.length === 3 && userId && secret ? { method, webhook: { userId, secret } } : { method };
}
