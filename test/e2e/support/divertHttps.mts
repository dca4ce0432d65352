/**
 * Loaded into n8n before anything else: whatever it asks of a host on the internet over https goes to a receiver on this
 * machine instead, over http, with the host it was meant for in a header.
 */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const receiver = new URL(process.env.OUTSIDE_WORLD ?? '');

const divert = (options: http.RequestOptions, callback?: (response: http.IncomingMessage) => void) =>
	http.request(
		{
			...options,
			protocol: receiver.protocol,
			host: receiver.hostname,
			hostname: receiver.hostname,
			port: receiver.port,
			agent: undefined,
			headers: { ...options.headers, 'x-meant-for': options.hostname ?? options.host ?? '' },
		},
		callback,
	);

Object.assign(https, { request: divert });
syncBuiltinESMExports();
