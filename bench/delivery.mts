import { createHash, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { measure } from 'mitata';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { learning } from '../test/fakes/deliver.mjs';
import { appAuth, formOf, leadDeleted } from '../test/fakes/delivery.mjs';
import { formRequest, type Given, webhookContext } from '../test/fakes/webhookContext.mjs';
import { packedPackage } from '../test/integration/support/packedPackage.mjs';
import { type Findings, median, type Part, quantile, target } from './report.mjs';

type Receive = (context: IWebhookFunctions) => Promise<IWebhookResponseData>;

const form = formOf(leadDeleted());
const json = JSON.stringify(leadDeleted());
const tokenHash = createHash('sha256').update(appAuth.application_token).digest();
const isToken = (token: string) => timingSafeEqual(createHash('sha256').update(token).digest(), tokenHash);

/** One delivery through the node as it is published; what n8n itself does is measured by the part http. */
export const delivery: Part = {
	name: 'delivery',
	async run({ quick }) {
		const built = await packedPackage();
		try {
			const load = createRequire(join(built.folder, 'package.json'));
			const { Bitrix24Trigger } = load('./dist/nodes/Bitrix24/Bitrix24Trigger.node.js');
			const { webhook } = new Bitrix24Trigger();
			const receive: Receive = async (context) => await webhook.call(context);
			const all = [
				await oneDelivery(receive, quick ? 100 : 1500),
				await rejections(receive, quick ? 500 : 5000),
				await hostileBodies(receive, quick ? 2 : 12),
			];
			const tables = Object.assign({}, ...all.map(({ tables }) => tables));
			return { tables, targets: all.flatMap(({ targets }) => targets) };
		} finally {
			await built.remove();
		}
	},
};

/** n8n's context of a delivery to a trigger that has learned the application token before. */
function contextOf(changes: Given = {}) {
	const { clientId, oauthTokenData } = learning.bitrix24OAuth2Api;
	const learned = {
		hash: tokenHash.toString('hex'),
		taughtAt: 1,
		credentialId: 'credential-1',
		clientId,
		memberId: oauthTokenData.member_id,
		restEndpoint: oauthTokenData.client_endpoint,
		serverEndpoint: 'https://oauth.bitrix.info/rest/',
	};
	return webhookContext({
		credentials: learning,
		staticData: { applicationToken: learned },
		parameters: { authentication: 'oAuth2', events: ['ONCRMLEADDELETE'], otherEvents: [], simplify: true, options: {} },
		request: formRequest(form),
		...changes,
	});
}

/** A delivery through the node's whole code, beside the least that can be done. */
async function oneDelivery(receive: Receive, samples: number): Promise<Findings> {
	const rounds = 15;
	const { context } = contextOf();
	if (!(await receive(context)).workflowData) throw new Error('The delivery to be measured does not start a workflow');
	const floors: number[] = [];
	const owns: number[] = [];
	const works = [() => isToken(JSON.parse(json).auth.application_token), async () => await receive(context)];
	// The first rounds do not count, until everything is compiled. By turns: a busy moment meets both alike.
	for (let round = -rounds; round < rounds; round++) {
		for (const [index, work] of works.entries()) {
			const { p50 } = await measure(work, { batch_threshold: 0, min_samples: samples, max_samples: samples * 2 });
			if (round >= 0) (index === 0 ? floors : owns).push(p50 / 1000);
		}
	}
	const [floor, own] = [median(floors), median(owns)];
	const times = median(owns.map((time, round) => time / (floors[round] ?? NaN)));
	return {
		tables: {
			[`One delivery of a deleted lead, warm, ${rounds} rounds of ${samples} by turns`]: [
				['', 'Median (µs)', 'Times the floor'],
				['Floor: `JSON.parse`, one hash compared', floor.toFixed(1), '1'],
				['Bitrix24 Trigger', own.toFixed(1), times.toFixed(1)],
			],
		},
		targets: [
			target('Own code of one delivery, median', 'under 30 µs', `${own.toFixed(1)} µs`, own < 30),
			target('Times the floor', 'at most 4', times.toFixed(1), times <= 4),
		],
	};
}

/** How long a rejection takes, by how much of the token is right: by turns, in an order that changes. */
async function rejections(receive: Receive, samples: number): Promise<Findings> {
	const guesses = [0, 8, 16, 24, 31].map((right) => {
		const token = appAuth.application_token.replace(/./g, (char, at) => (at < right ? char : char === 'f' ? 'e' : 'f'));
		const request = formRequest(formOf(leadDeleted({ auth: { ...appAuth, application_token: token } })));
		return { right, fake: contextOf({ request }), times: new Array<number>() };
	});
	for (let round = -samples / 10; round < samples; round++) {
		for (const { times, fake } of guesses.toSorted(() => Math.random() - 0.5)) {
			const begin = process.hrtime.bigint();
			await receive(fake.context);
			const time = Number(process.hrtime.bigint() - begin) / 1000;
			if (round >= 0) times.push(time);
			if (fake.answers.pop()?.status !== 403) throw new Error('The delivery to be rejected is not rejected');
			fake.log.length = 0;
		}
	}
	// What is slow is slow for the machine's reasons.
	const limit = quantile(
		guesses.flatMap(({ times }) => times),
		0.95,
	);
	const kept = guesses.map(({ times }) => times.filter((time) => time <= limit));
	const distances = kept.map((times) => welch(times, kept[0] ?? []));
	const largest = Math.max(...distances.map(Math.abs));
	return {
		tables: {
			[`A rejection, by how much of the token is right (${samples} of each)`]: [
				['Right characters of 32', ...guesses.map(({ right }) => String(right))],
				['Median (µs)', ...kept.map((times) => median(times).toFixed(2))],
				["Welch's t against none right", ...distances.map((t) => t.toFixed(1))],
			],
		},
		targets: [
			target('Rejections take as long, whatever is right', '\\|t\\| under 4.5', largest.toFixed(1), largest < 4.5),
		],
	};
}

/**
 * Welch's t: how many standard errors lie between the means of two series. Beyond 4.5, a difference in time is taken for
 * a real one (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017).
 */
function welch(left: readonly number[], right: readonly number[]): number {
	const [a, b] = [left, right].map((samples) => {
		const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
		const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
		return { mean, error: squares / (samples.length - 1) / samples.length };
	});
	return a && b ? (a.mean - b.mean) / Math.sqrt(a.error + b.error) : NaN;
}

/** An event, beside it what is meant to keep the trigger busy, and as much of that as the size allows. */
const fill = (before: string, part: string, after = '') => {
	const room = (size: number) => size - `${form}&${before}${after}`.length;
	return (size: number) => `${form}&${before}${part.repeat(room(size) / part.length)}${after}`;
};

const hostile: Record<string, (size: number) => string> = {
	'one long, escaped text': fill('x=', '%41'),
	'many keys': (size) => `${form}&${Array.from({ length: size / 4 }, (_, at) => `k${at}=1`).join('&')}`.slice(0, size),
	'one key again and again': fill('', 'a=1&'),
	'a list without end': fill('', 'a[]=1&'),
	'nothing but separators': fill('', '&'),
	'brackets without end': fill('a', '[b]', '=1'),
	'broken escapes': fill('x=', '%'),
	'broken UTF-8': fill('x=', '%ff'),
};

/** Time per byte of large bodies: what grows faster than the body does would be a way to stop n8n. */
async function hostileBodies(receive: Receive, samples: number): Promise<Findings> {
	const rows: string[][] = [];
	let worst = 0;
	for (const [name, body] of Object.entries(hostile)) {
		const perByte = async (size: number) => {
			const { context } = contextOf({ request: formRequest(body(size)) });
			const limits = { min_samples: samples, max_samples: 1000, min_cpu_time: 1e8 };
			return (await measure(async () => await receive(context), limits)).p50 / size;
		};
		const [small, large] = [await perByte(16_384), await perByte(1_048_576)];
		worst = Math.max(worst, large);
		rows.push([name, small.toFixed(1), large.toFixed(1)]);
	}
	return {
		tables: {
			'Large hostile bodies, nanoseconds per byte (median)': [['', '16 kB', '1 MB (as much as is read)'], ...rows],
		},
		targets: [target('Worst hostile body of 1 MB, a byte', 'under 100 ns', `${worst.toFixed(1)} ns`, worst < 100)],
	};
}
