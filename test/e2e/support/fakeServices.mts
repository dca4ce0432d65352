import { generateKeyPairSync } from 'node:crypto';

import type { Answering } from './outsideWorld.mjs';

/** The id of the spreadsheet that there is. */
export const SPREADSHEET = '1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefg';

/** Slack and Google Sheets, as far as the examples ask them for something. */
export class FakeServices {
	/** The rows of the spreadsheet's only sheet, the headings first. */
	rows: unknown[][] = [];

	/** What was posted to Slack. */
	readonly messages: Array<{ channel: unknown; text: string }> = [];

	/** How the last cells were to be read: `RAW` as they are, `USER_ENTERED` as typed by a person, formulas included. */
	valueInputOption: unknown;

	/** Whether Slack is down. */
	slackIsDown = false;

	/** Answers as they do. */
	readonly answering: Answering = ({ method, host, path, query, body }) => {
		if (host === 'slack.com') return this.#slack(path, Object(body));
		if (host === 'oauth2.googleapis.com') {
			return { body: { access_token: 'ya29.example', token_type: 'Bearer', expires_in: 3599 } };
		}
		if (host === 'sheets.googleapis.com') {
			this.valueInputOption = query.valueInputOption ?? this.valueInputOption;
			return { body: this.#sheets(method, path, Object(body)) };
		}
		return { status: 501, body: { error: `${host} is not simulated` } };
	};

	#slack(path: string, { channel, text }: Record<string, unknown>): ReturnType<Answering> {
		if (path !== '/api/chat.postMessage') return { body: { ok: false, error: 'unknown_method' } };
		if (this.slackIsDown) return { status: 503, body: {} };
		this.messages.push({ channel, text: String(text) });
		return { body: { ok: true, channel: 'C0123456789', ts: '1742807199.000100', message: { text } } };
	}

	#sheets(method: string, path: string, body: Record<string, unknown>): unknown {
		if (path === `/v4/spreadsheets/${SPREADSHEET}`) {
			return { sheets: [{ properties: { sheetId: 0, index: 0, title: 'Sheet1' } }] };
		}
		if (path.endsWith(':batchUpdate')) return { replies: [] };
		const range = /\/values\/(.*)$/.exec(path)?.[1] ?? '';
		if (method === 'GET') return { range, values: this.#read(range) };
		return this.#write(range, Object(body).values ?? Object(body).data?.[0]?.values ?? []);
	}

	/** `Sheet1` or `Sheet1!1:1`. */
	#read(range: string): unknown[][] | undefined {
		const row = /!(\d+):\1$/.exec(range)?.[1];
		const rows = row === undefined ? this.rows : this.rows.slice(Number(row) - 1, Number(row));
		return rows.length === 0 ? undefined : rows;
	}

	/** `Sheet1!2:3`: from which row on. */
	#write(range: string, values: unknown[][]): unknown {
		const first = Number(/!(?:[A-Z]+)?(\d+)/.exec(range)?.[1] ?? this.rows.length + 1);
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
