import { RestError } from '../restError.mjs';

/** Refuses handler URLs that the queue server would not call. @throws RestError 400 */
export function checkHandlerUrl(url: string): void {
	const [, scheme = '', host = ''] = /^(?:([a-z][a-z0-9+.-]*):)?\/\/(?:[^/?#@]*@)?([^/?#:]*)/i.exec(url) ?? [];
	if (host.indexOf('.') <= 0) throw new RestError(400, 'ERROR_WRONG_HANDLER_URL', 'Wrong handler URL');
	if (scheme !== 'http' && scheme !== 'https') {
		throw new RestError(400, 'ERROR_UNSUPPORTED_PROTOCOL', 'Unsupported handler protocol');
	}
}
