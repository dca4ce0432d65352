import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import express from 'express';

/** The id of the spreadsheet that there is. */
export const SPREADSHEET = '1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefg';

/** Slack and Google Sheets, as far as the examples ask them for something. */
export class FakeServices {
	/** The rows of the spreadsheet's only sheet, the headings first. */
	rows: unknown[][] = [];

	/** What was posted to Slack. */
	messages: Array<{ channel: unknown; text: string }> = [];

	/** How the last cells were to be read: `RAW` as they are, `USER_ENTERED` as typed by a person, formulas included. */
	valueInputOption: unknown;

	/** Whether Slack is down. */
	slackIsDown = false;

	/** Opens an internet with these two: settings for an n8n that lives in it. */
	async open(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
		const application = express().use(express.json(), express.text({ type: () => true }));
		application.use(({ method, path, query, body, headers }, response) => {
			const host = String(headers['x-meant-for']);
			if (host === 'sheets.googleapis.com') this.valueInputOption = query.valueInputOption ?? this.valueInputOption;
			const answer = this.#answer(host, method, decodeURIComponent(path), Object(body));
			response.status(answer === undefined ? 503 : 200).json(answer);
		});
		const server = application.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		return {
			env: {
				OUTSIDE_WORLD: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
				NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'divertHttps.mts')).href}`,
			},
			async stop() {
				server.closeAllConnections();
				await new Promise((resolve) => server.close(resolve));
			},
		};
	}

	/** undefined where nobody answers. */
	#answer(host: string, method: string, path: string, body: Record<string, unknown>): unknown {
		if (host === 'slack.com' && path === '/api/chat.postMessage' && !this.slackIsDown) {
			const { channel, text } = body;
			this.messages.push({ channel, text: String(text) });
			return { ok: true, channel: 'C0123456789', ts: '1742807199.000100', message: { text } };
		}
		if (host === 'oauth2.googleapis.com') {
			return { access_token: 'ya29.example', token_type: 'Bearer', expires_in: 3599 };
		}
		return host === 'sheets.googleapis.com' ? this.#sheets(method, path, body) : undefined;
	}

	#sheets(method: string, path: string, body: Record<string, unknown>): unknown {
		if (path === `/v4/spreadsheets/${SPREADSHEET}`) {
			return { sheets: [{ properties: { sheetId: 0, index: 0, title: 'Sheet1' } }] };
		}
		if (path.endsWith(':batchUpdate')) return { replies: [] };
		const range = /\/values\/(.*)$/.exec(path)?.[1] ?? '';
		if (method === 'GET') {
			// `Sheet1` or `Sheet1!1:1`.
			const row = /!(\d+):\1$/.exec(range)?.[1];
			const rows = row === undefined ? this.rows : this.rows.slice(Number(row) - 1, Number(row));
			return { range, values: rows.length === 0 ? undefined : rows };
		}
		// `Sheet1!2:3`: from which row on.
		const first = Number(/!(?:[A-Z]+)?(\d+)/.exec(range)?.[1] ?? this.rows.length + 1);
		const values: unknown[][] = Object(body).values ?? Object(body).data?.[0]?.values ?? [];
		values.forEach((row, index) => (this.rows[first - 1 + index] = row));
		return { updatedRange: range, updatedRows: values.length };
	}
}

/** The form of a Google service account's credential, with a key made for it. */
export function serviceAccount(): Record<string, unknown> {
	const { privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	return { region: 'us-east1', email: 'n8n@example.iam.gserviceaccount.com', privateKey };
}
