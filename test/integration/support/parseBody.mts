import { parse } from 'node:querystring';
import { buffer } from 'node:stream/consumers';
import { createGunzip, createInflate } from 'node:zlib';
import type { Request, RequestHandler } from 'express';

const readable = /^(?:application\/json|text\/plain|application\/x-www-form-urlencoded)$|[/+]xml$/;

/**
 * Reads a body the way n8n 2.41 does for a node above version 1 (packages/cli, `body-parser` and `webhook-helpers`): the
 * bytes, unpacked, and what they mean by their content type and charset; nothing where it knows none.
 */
export const parseBody: RequestHandler = async (request, response, next) => {
	const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';');
	const contentType = type.trim().toLowerCase();
	if (!readable.test(contentType)) {
		request.body = undefined;
		return next();
	}
	const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(parameters.join(';'))?.[1] ?? 'utf-8';
	try {
		const bytes = await unpacked(request);
		Object.assign(request, { rawBody: bytes });
		if (!Buffer.isEncoding(charset)) throw new TypeError(`Unknown encoding: ${charset}`);
		if (bytes.length > 0) request.body = meaningOf(contentType, bytes.toString(charset));
		next();
	} catch {
		response.status(422).json({ code: 422, message: 'Failed to parse request body' });
	}
};

async function unpacked(request: Request): Promise<Buffer> {
	const packed = request.headers['content-encoding'];
	if (packed === 'gzip') return await buffer(request.pipe(createGunzip()));
	return await buffer(packed === 'deflate' ? request.pipe(createInflate()) : request);
}

function meaningOf(contentType: string, text: string): unknown {
	const body = text.replace(/^\uFEFF/, '');
	if (contentType === 'application/json') return JSON.parse(body);
	if (contentType === 'application/x-www-form-urlencoded') return parse(body, undefined, undefined, { maxKeys: 1000 });
	return contentType === 'text/plain' ? text : {};
}
