async function isUp(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
		// While it starts, n8n answers every address with a page that says so.
		return response.ok && (response.headers.get('content-type') ?? '').includes('json');
	} catch {
		// Nothing listens yet.
		return false;
	}
}

/**
 * Whether n8n serves requests.
 *
 * @param url n8n's address without a trailing slash
 * @param paths all of which answer once it does
 */
export async function isReady(url: string, paths: readonly string[]): Promise<boolean> {
	for (const path of paths) {
		if (!(await isUp(`${url}${path}`))) return false;
	}
	return true;
}
