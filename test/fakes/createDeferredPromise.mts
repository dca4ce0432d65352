interface Deferred<T> {
	promise: Promise<T>;
	resolve(value: T): void;
	reject(error: Error): void;
}

/** What n8n's helper of that name makes. */
export function createDeferredPromise<T>(): Deferred<T> {
	const settle: Partial<Deferred<T>> = {};
	const promise = new Promise<T>((resolve, reject) => Object.assign(settle, { resolve, reject }));
	return { promise, ...settle } as Deferred<T>;
}
