import { z } from 'zod';

import { type Forgery, type Payload, phpForm } from '../../simulator/index.mjs';
import { activateOutgoing } from './support/outgoing.mjs';
import type { Answer } from './support/post.mjs';
import { Trigger } from './support/Trigger.mjs';
import { connect, credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

type Delivery = Omit<Forgery, 'url'>;
/** Makes a delivery from one that proves itself and is selected. */
type Make = (genuine: Payload) => Delivery;

/** Changes keys of `auth`; undefined leaves one out. */
function withAuth(payload: Payload, changes: Record<string, unknown>): Delivery {
	const auth = Object.entries({ ...payload.auth, ...changes }).filter(([, value]) => value !== undefined);
	return { ...payload, auth: Object.fromEntries(auth) };
}

const asJson = (body: unknown): Delivery => ({ body: JSON.stringify(body), contentType: 'application/json' });
const asForm = (payload: Payload, change: (form: string) => string = (form) => form): Delivery => ({
	body: change(phpForm({ ...payload })),
});
/** Sets the application token to what is made of the right one. */
const token =
	(make: (right: string) => unknown): Make =>
	(genuine) =>
		withAuth(genuine, { application_token: make(genuine.auth.application_token ?? '') });
/** Sets the time to some minutes from that of the genuine one. */
const minutes =
	(ahead: number): Make =>
	(genuine) => ({ ...genuine, ts: Number(genuine.ts) + ahead * 60 });
const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });
const manyKeys = Array.from({ length: 5001 }, (_, index) => `&data%5B${index}%5D=1`).join('');
const multipart = '--x\r\nContent-Disposition: form-data; name="event"\r\n\r\nONCRMLEADDELETE\r\n--x--\r\n';

const PROVEN: Make = (genuine) => genuine;
const NOT_SELECTED: Make = (genuine) => ({ ...genuine, event: 'ONCRMLEADADD' });
const OTHER_TOKEN = token(() => 'f'.repeat(32));

/**
 * By what a delivery is answered, and whether it starts the workflow, a trigger on deleted leads that accepts those of
 * the last ten minutes: every kind that n8n's own way in may change. Each further spoiling is in test/integration.
 */
const table: Record<string, Record<string, Make>> = {
	'200, starts': {
		'a proven, selected event': PROVEN,
		'one under its older name': (genuine) => ({ ...genuine, event: 'ONLEADDELETE' }),
		'one with a character set': (genuine) => ({
			...asForm(genuine),
			contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
		}),
		'one that a relay has turned into JSON': (genuine) => asJson(genuine),
		'one of nine minutes ago': minutes(-9),
	},
	'200': {
		'a proven event that is not selected': NOT_SELECTED,
		'a proven event that nobody knows': (genuine) => ({ ...genuine, event: 'ONSOMETHINGNEW' }),
		'a proven ONAPPTEST': (genuine) => ({ ...genuine, event: 'ONAPPTEST', data: { QUERY: { challenge: 'x' } } }),
	},
	'403 INVALID_APPLICATION_TOKEN': {
		'a missing token': token(() => undefined),
		'another token': OTHER_TOKEN,
		'a token whose last character is missing': token((right) => right.slice(0, -1)),
		'a token of a hundred thousand characters': token((right) => right.repeat(3125)),
		'the right token in an array': token((right) => [right]),
		'the right token in an array of JSON': (genuine) =>
			asJson(withAuth(genuine, { application_token: [genuine.auth.application_token] })),
		'the right token twice': (genuine) =>
			asForm(genuine, (form) => `${form}&auth%5Bapplication_token%5D=${genuine.auth.application_token}`),
		'no `auth` at all': (genuine) => ({ ...genuine, auth: {} }),
	},
	'403 EXPIRED_EVENT': {
		'one of eleven minutes ago': minutes(-11),
		'one without a time': (genuine) => ({ ...genuine, ts: '' }),
	},
	'400 INVALID_EVENT': {
		'an empty form': () => ({ body: '' }),
		'no event': (genuine) => asForm(genuine, (form) => form.replace(/^event=\w+&/, '')),
		'a form that says it is text': (genuine) => ({ ...asForm(genuine), contentType: 'text/plain' }),
		'a multipart form': () => ({ body: multipart, contentType: 'multipart/form-data; boundary=x' }),
		XML: () => ({ body: '<?xml version="1.0"?><event>ONCRMLEADDELETE</event>', contentType: 'application/xml' }),
		'a JSON array': (genuine) => asJson([genuine]),
		'too deep a nesting': (genuine) => ({ ...genuine, data: nested(20) }),
		'too many keys': (genuine) => asForm(genuine, (form) => form + manyKeys),
		'a way to a prototype': (genuine) => asForm(genuine, (form) => `${form}&data%5B__proto__%5D%5BisTest%5D=1`),
		'a way to a prototype in JSON': (genuine) => asJson({ ...genuine, data: JSON.parse('{"__proto__": {"a": 1}}') }),
	},
	// n8n's own parsers refuse these.
	'422': { 'broken JSON': () => ({ body: '{"event": "ONCRMLEADDELETE"', contentType: 'application/json' }) },
	'500': {
		'more than sixteen megabytes': () => ({ body: `event=ONCRMLEADDELETE&data=${'x'.repeat(17 * 2 ** 20)}` }),
	},
};
/** Where the way to the answers is the same as in another group. */
const shortTable = {
	'200, starts': { 'a proven, selected event': PROVEN },
	'200': { 'a proven event that is not selected': NOT_SELECTED },
	'403 INVALID_APPLICATION_TOKEN': { 'another token': OTHER_TOKEN },
};
const otherPortal = (name: string, key: string, value: string) => ({
	'403 WRONG_PORTAL': {
		[`another portal's ${name}`]: (genuine: Payload) => withAuth(genuine, { [key]: value }),
		[`no ${name}`]: (genuine: Payload) => withAuth(genuine, { [key]: undefined }),
	},
});

const refusal = z.object({ error: z.string(), error_description: z.string() }).strict();
/** A refusal of ours says its code and a sentence, and nothing else. */
const outcomeOf = ({ status, body }: Answer) => {
	const ours = refusal.safeParse(body);
	return ours.success ? `${status} ${ours.data.error}` : String(status);
};

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

/** A trigger whose answers are looked at. */
interface Subject {
	trigger: Trigger;
	/** Its credential, and what a person entered there. */
	credentialId: string;
	form: Record<string, string>;
	/** What proves itself to it. */
	genuine(): Payload;
	/** What cannot be judged without the credential: a learned token proves its own deliveries. */
	needsCredential(): Delivery;
}

const parameters = { options: { maxAgeMinutes: 10 } };
const ofApp = () => world.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: 7 } });

async function app(applicationToken: string): Promise<Subject> {
	const form = { ...credentialFor(world.portal), applicationToken };
	const credentials = await connect(world, world.portal, form);
	const trigger = await Trigger.active(world, { parameters, credentials });
	const needsCredential = () => OTHER_TOKEN(ofApp());
	return { trigger, genuine: ofApp, needsCredential, credentialId: credentials.bitrix24OAuth2Api.id, form };
}

async function outgoing(which: number, separator: string): Promise<Subject> {
	const { portalUrl } = world.portal;
	const events = Array(3).fill(['ONCRMLEADDELETE']);
	const made = await activateOutgoing(world, { events, separator, parameters, portalUrl });
	const tokens = made.webhooks.map(({ applicationToken }) => applicationToken);
	const application_token = tokens[which] ?? '';
	const genuine = () => {
		const { domain = '', client_endpoint = '', server_endpoint = '', member_id = '' } = ofApp().auth;
		return { ...ofApp(), auth: { domain, client_endpoint, server_endpoint, member_id, application_token } };
	};
	return { ...made, genuine, needsCredential: genuine, form: { applicationToken: tokens.join(separator), portalUrl } };
}

const otherMember = otherPortal('member id', 'member_id', 'a'.repeat(32));
const otherDomain = otherPortal('domain', 'domain', 'elsewhere.bitrix24.com');

test.concurrent.each<[string, typeof table, () => Promise<Subject>]>([
	['an app whose token is learned', { ...table, ...otherMember }, async () => await app('')],
	['an app whose token is given', shortTable, async () => await app(world.portal.app.applicationToken)],
	['the first of three outgoing webhooks', shortTable, async () => await outgoing(0, ', ')],
	['the last of three outgoing webhooks', { ...table, ...otherDomain }, async () => await outgoing(2, '\n')],
])('%s: each delivery is answered as the table says, and those that it names start', async (_, expected, open) => {
	const { trigger, genuine, credentialId, form, needsCredential } = await open();
	const rows = Object.entries(expected)
		.flatMap(([outcome, makers]) => Object.entries(makers).map(([name, make]) => ({ outcome, name, make })))
		.map((row, index) => ({ ...row, id: index + 1 }));
	const found: Record<string, string> = {};
	for (const { name, make, id } of rows) {
		found[name] = outcomeOf(await trigger.receive(make({ ...genuine(), data: { FIELDS: { ID: String(id) } } })));
	}
	expect(found).toEqual(Object.fromEntries(rows.map(({ name, outcome }) => [name, outcome.replace(', starts', '')])));
	const starting = rows.filter(({ outcome }) => outcome.endsWith('starts')).map(({ id }) => id);
	expect(await trigger.started(genuine())).toBe(starting.length);
	const started = (await trigger.items(starting.length)).map(({ id }) => Number(id));
	expect(started).toEqual(expect.arrayContaining(starting));

	const body = { error: 'NOT_CONFIGURED', error_description: 'The trigger is not ready to receive events.' };
	for (const broken of [{ portalUrl: 'http://' }, { applicationToken: ' , ', clientSecret: '' }]) {
		await world.client.updateCredential(credentialId, { data: broken });
		expect(await trigger.receive(needsCredential())).toEqual({ status: 500, body });
	}
	await world.client.updateCredential(credentialId, { data: form });
	expect(await trigger.started(genuine())).toBe(starting.length);

	await world.client.deleteCredential(credentialId);
	expect(await trigger.receive(needsCredential())).toEqual({ status: 500, body });
	// Nothing proves itself any more, a witness neither.
	expect(await world.client.executions(trigger.id)).toHaveLength(starting.length + 2);
});
