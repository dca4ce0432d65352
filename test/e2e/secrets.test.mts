import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { Simulator } from '../../simulator/index.mjs';
import { activateOutgoing } from './support/outgoing.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const EVENTS = ['ONCRMLEADDELETE', 'ONAPPMETHODCONFIRM', 'ONIMBOTMESSAGEADD'];

/** What is secret, by name: the beginning of every one, or the only one. */
const canaries: Record<string, string> = {
	'access or refresh token, or code': 'ca4a71e5eca4a71e5e',
	'client secret': 'canaryclientsecret00000000000000000000000000000000',
	'application token': 'canaryapplicationtoken0000000000',
};
const [tokenMark = '', clientSecret, applicationToken = ''] = Object.values(canaries);
const OUTGOING = "outgoing webhook's application token";

let world: World;
let portal: Simulator;
/** Everything that n8n has answered, or shown to a person who looks at executions and refusals. */
const shown: string[] = [];

/**
 * The files in which a text stands, of everything that n8n has written: its database (SQLite keeps texts as they are, in
 * the file or in the log beside it), its log files, its files of binary data; not the installed packages.
 */
async function whereIs(text: string): Promise<string[]> {
	const entries = await readdir(world.userFolder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
	const written = files
		.map((file) => relative(world.userFolder, file))
		.filter((file) => !file.startsWith('.n8n/nodes/'));
	const found = await Promise.all(
		written.map(async (file) => ((await readFile(join(world.userFolder, file))).includes(text) ? file : [])),
	);
	return found.flat();
}

const show = (thing: unknown) => void shown.push(JSON.stringify(thing));

/** Plants a token wherever a payload has room for one. */
const planted = (token: string) => ({
	FIELDS: { ID: token },
	BOT: { 39: { AUTH: { access_token: token, refresh_token: token, application_token: token, domain: 'x' } } },
	TOKEN: token,
	auth: token,
	LINK: `https://a.example/?back=%2F%3Fauth%3D${token}`,
	[token]: token,
	NOTE: `the token is ${token}`,
});

/** Posts genuine deliveries with everything that they can carry, and spoiled ones. */
async function receiveAll(trigger: Trigger, own: Record<string, string> = {}): Promise<void> {
	for (const event of EVENTS) {
		const genuine = portal.delivery(event, {}, { auth: { refresh_token: portal.issueTokens().refreshToken, ...own } });
		const { access_token = '', refresh_token = '', application_token = '' } = genuine.auth;
		const tokens = [access_token, refresh_token, application_token];
		const spoiled = [
			{},
			{ application_token: access_token },
			{ domain: refresh_token },
			{ member_id: application_token },
		];
		for (const changes of spoiled) {
			const auth = { ...genuine.auth, ...changes };
			const carried = tokens.filter((token) => Object.values(auth).includes(token));
			for (const token of carried) show(await trigger.receive({ ...genuine, auth, data: planted(token) }));
		}
		show(await trigger.receive({ ...genuine, event: access_token }));
	}
}

async function refuse(trigger: Trigger): Promise<void> {
	const outcome = await trigger.tryToActivate();
	expect(outcome.active).toBe(false);
	show(outcome);
}

beforeAll(async () => {
	world = await openWorld({
		env: { N8N_LOG_LEVEL: 'debug' },
		portal: { tokenMark, app: { clientSecret, applicationToken } },
	});
	({ portal } = world);
	portal.events.push('ONIMBOTMESSAGEADD');
	const parameters = { events: EVENTS };
	const then = [{ name: 'Fail', type: 'n8n-nodes-base.stopAndError', parameters: { errorMessage: 'on purpose' } }];

	const triggers = [
		await Trigger.active(world, { parameters: { ...parameters, options: { includeUser: true } } }),
		await Trigger.active(world, { parameters: { ...parameters, simplify: false }, then }),
	];
	// Before the deliveries that prove nothing: those use up what may be asked of a portal in a minute.
	portal.expireAccessTokens();
	const listener = await Trigger.add(world, { parameters: { options: { testWith: 'realEvent' } } });
	show(await listener.listen(() => portal.leads.delete(2)));
	show(await (await Trigger.add(world)).listen());

	portal.faults.deliveries = 'lost';
	triggers.push(await Trigger.add(world, { parameters }));
	await triggers[2]?.activate();
	portal.faults.clear();
	// Every look-up of a user fails, each with an event's own access token.
	portal.faults.next('profile', 'html', 1000);
	for (const trigger of triggers) await receiveAll(trigger);
	portal.faults.clear();

	const { trigger, webhooks } = await activateOutgoing(world, { parameters });
	canaries[OUTGOING] = webhooks[0]?.applicationToken ?? '';
	await receiveAll(trigger, { application_token: canaries[OUTGOING] });
	const queue = await QueueTrigger.active(world);
	portal.leads.delete(1);
	portal.fire('ONCRMLEADDELETE', planted(portal.issueTokens().accessToken));
	await portal.idle();
	await queue.drained();

	portal.faults.next('app.info', 'html', 1000);
	await refuse(listener);
	portal.faults.clear();
	portal.revokeAccessTokens();
	portal.revokeRefreshTokens();
	await refuse(listener);
	await until('the queue trigger has noticed', async () => (await queue.executions('error')).length > 0);

	for (const { id } of [...triggers, trigger, queue]) {
		for (const execution of await world.client.executions(id)) {
			show(await world.client.session.send('GET', `/rest/executions/${execution.id}`));
		}
	}
	for (const { answer } of portal.deliveries) show(answer);
	await world.n8n.stop();
});
afterAll(async () => await world?.close());

const named = [...Object.keys(canaries), OUTGOING];
const canary = (name: string) => canaries[name] ?? '';

test.each(named)(
	"no %s is in an answer, an execution, a refusal, n8n's log, or a file of n8n, its database included",
	async (name) => {
		expect(canary(name)).not.toBe('');
		expect(shown.filter((text) => text.includes(canary(name)))).toEqual([]);
		expect(
			world.n8n
				.log()
				.split('\n')
				.filter((line) => line.includes(canary(name))),
		).toEqual([]);
		expect(await whereIs(canary(name))).toEqual([]);
	},
);

test('a token would have been found, for what stands beside it was', async () => {
	const times = (part: string) => shown.filter((text) => text.includes(part)).length;
	for (const often of [portal.memberId, 'INVALID_APPLICATION_TOKEN', 'userName']) {
		expect(times(often)).toBeGreaterThan(EVENTS.length);
	}
	expect(times('messageId')).toBeGreaterThan(0);
	expect(times('no longer accepts this connection')).toBe(2);
	const lines = world.n8n.log().split('\n');
	expect(lines.filter((line) => line.includes('(INVALID_APPLICATION_TOKEN)')).length).toBeGreaterThan(EVENTS.length);
	const database = expect.arrayContaining([expect.stringMatching(/database\.sqlite/)]);
	const hash = createHash('sha256').update(applicationToken).digest('hex');
	for (const text of [portal.memberId, hash, 'ONIMBOTMESSAGEADD']) {
		expect(await whereIs(text)).toEqual(database);
	}
});
