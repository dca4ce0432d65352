import { parse } from 'node:querystring';
import express from 'express';
import type { RequestHandler } from 'express';

/** Reads a body the way n8n does: the bytes, and what they mean by their content type (packages/cli, `body-parser`). */
export const parseBody: RequestHandler[] = [
	express.raw({ type: () => true, limit: '16mb' }),
	(request, response, next) => {
		const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const [contentType = ''] = (request.headers['content-type'] ?? '').split(';');
		Object.assign(request, { rawBody: bytes });
		try {
			request.body = meaningOf(contentType.trim().toLowerCase(), bytes.toString('utf8').replace(/^\uFEFF/, ''));
			next();
		} catch {
			response.status(422).json({ code: 422, message: 'Failed to parse request body' });
		}
	},
];

function meaningOf(contentType: string, text: string): unknown {
	if (text === '') return {};
	if (contentType === 'application/json') return JSON.parse(text);
	if (contentType === 'application/x-www-form-urlencoded') return parse(text, undefined, undefined, { maxKeys: 1000 });
	return contentType === 'text/plain' ? text : {};
}
