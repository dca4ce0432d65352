const PATHS = ['/healthz/readiness', '/rest/settings'];

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
 * Whether n8n serves requests: its database is migrated, and the REST interface, which it sets up after that, is there.
 *
 * @param url n8n's address without a trailing slash
 */
export async function isReady(url: string): Promise<boolean> {
	for (const path of PATHS) {
		if (!(await isUp(`${url}${path}`))) return false;
	}
	return true;
}
