import { parse } from 'node:querystring';
import express from 'express';
import type { RequestHandler } from 'express';

const readable = /^(?:application\/json|text\/plain|application\/x-www-form-urlencoded)|[/+]xml$/;

/**
 * Reads a body the way n8n does for a node above version 1: the bytes, and what they mean by their content type
 * (packages/cli, `body-parser` and `webhook-helpers`); nothing where it knows none.
 */
export const parseBody: RequestHandler[] = [
	express.raw({ type: () => true, limit: '16mb' }),
	(request, response, next) => {
		const [type = ''] = (request.headers['content-type'] ?? '').split(';');
		const contentType = type.trim().toLowerCase();
		if (!readable.test(contentType)) {
			request.body = undefined;
			return next();
		}
		const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		Object.assign(request, { rawBody: bytes });
		try {
			request.body = meaningOf(contentType, bytes.toString('utf8').replace(/^\uFEFF/, ''));
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
