import { type Forgery, type Payload, phpForm } from '../../../simulator/index.mjs';
import type { Answer } from './post.mjs';

type Delivery = Omit<Forgery, 'url'>;

/** What a delivery gets. */
export interface Row {
	delivery: string;
	/** Makes it from one that proves itself and is selected. */
	make(genuine: Payload): Delivery;
	answer: Answer;
	/** How many executions it starts. */
	starts: 0 | 1;
}

type Makers = Record<string, Row['make']>;

function rows(answer: Answer, starts: 0 | 1, makers: Makers): Row[] {
	return Object.entries(makers).map(([delivery, make]) => ({ delivery, make, answer, starts }));
}

function refused(status: number, error: string, makers: Makers): Row[] {
	return rows({ status, body: { error, error_description: expect.any(String) } }, 0, makers);
}

/** Changes keys of `auth`; undefined leaves one out. */
export function withAuth(payload: Payload, changes: Record<string, unknown>): Delivery {
	const auth = Object.entries({ ...payload.auth, ...changes }).filter(([, value]) => value !== undefined);
	return { ...payload, auth: Object.fromEntries(auth) };
}

const asJson = (body: unknown): Delivery => ({ body: JSON.stringify(body), contentType: 'application/json' });
const asForm = (payload: Payload, change: (form: string) => string): Delivery => ({
	body: change(phpForm({ ...payload })),
});

/** Sets the application token to what is made of the right one. */
const token =
	(make: (right: string) => unknown): Row['make'] =>
	(genuine) =>
		withAuth(genuine, { application_token: make(genuine.auth.application_token ?? '') });

/** Sets the time to some minutes from that of the genuine one. */
const minutes =
	(ahead: number): Row['make'] =>
	(genuine) => ({ ...genuine, ts: Number(genuine.ts) + ahead * 60 });

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });
const manyKeys = Array.from({ length: 5001 }, (_, index) => `&data%5B${index}%5D=1`).join('');
const xml = '<?xml version="1.0"?><event>ONCRMLEADDELETE</event>';
const multipart = '--x\r\nContent-Disposition: form-data; name="event"\r\n\r\nONCRMLEADDELETE\r\n--x--\r\n';

/** For a trigger on deleted leads that accepts deliveries of the last ten minutes. */
export const deliveryTable: Row[] = [
	// The body is n8n's own.
	...rows({ status: 200, body: expect.anything() }, 1, {
		'a proven, selected event': (genuine) => genuine,
		'one under its older name': (genuine) => ({ ...genuine, event: 'ONLEADDELETE' }),
		'one with a character set': (genuine) => ({
			...asForm(genuine, (form) => form),
			contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
		}),
		'one that a relay has turned into JSON': (genuine) => asJson(genuine),
		'one of nine minutes ago': minutes(-9),
		'one of a portal whose clock is ahead': minutes(4),
	}),
	...rows({ status: 200, body: { message: 'Received' } }, 0, {
		'a proven event that is not selected': (genuine) => ({ ...genuine, event: 'ONCRMLEADADD' }),
		'a proven event that nobody knows': (genuine) => ({ ...genuine, event: 'ONSOMETHINGNEW' }),
		'a proven ONAPPTEST': (genuine) => ({ ...genuine, event: 'ONAPPTEST', data: { QUERY: { challenge: 'x' } } }),
	}),
	...refused(403, 'INVALID_APPLICATION_TOKEN', {
		'a missing token': token(() => undefined),
		'an empty token': token(() => ''),
		'a token of one character': token(([first]) => first),
		'another token': token(() => 'f'.repeat(32)),
		'a token whose first character is wrong': token((right) => (right.startsWith('a') ? 'b' : 'a') + right.slice(1)),
		'a token whose last character is missing': token((right) => right.slice(0, -1)),
		'a token followed by more': token((right) => `${right}0`),
		'a token of a hundred thousand characters': token((right) => right.repeat(3125)),
		'the right token in an array': token((right) => [right]),
		'the right token in a map': token((right) => ({ token: right })),
		'the right token in an array of JSON': (genuine) =>
			asJson(withAuth(genuine, { application_token: [genuine.auth.application_token] })),
		'the right token twice': (genuine) =>
			asForm(genuine, (form) => `${form}&auth%5Bapplication_token%5D=${genuine.auth.application_token}`),
		'no `auth` at all': (genuine) => ({ ...genuine, auth: {} }),
	}),
	...refused(403, 'EXPIRED_EVENT', {
		'one of eleven minutes ago': minutes(-11),
		'one that will be sent in six minutes': minutes(6),
		'one without a time': (genuine) => ({ ...genuine, ts: '' }),
		'one whose time is no number': (genuine) => ({ ...genuine, ts: 'today' }),
	}),
	...refused(400, 'INVALID_EVENT', {
		'an empty form': () => ({ body: '' }),
		'no event': (genuine) => asForm(genuine, (form) => form.replace(/^event=\w+&/, '')),
		'an event in an array': (genuine) => asForm(genuine, (form) => form.replace(/^event=/, 'event%5B%5D=')),
		'an event without a name': (genuine) => asForm(genuine, (form) => form.replace(/^event=\w+/, 'event=')),
		'a form that says it is text': (genuine) => ({ ...asForm(genuine, (form) => form), contentType: 'text/plain' }),
		'a multipart form': () => ({ body: multipart, contentType: 'multipart/form-data; boundary=x' }),
		XML: () => ({ body: xml, contentType: 'application/xml' }),
		'a JSON array': (genuine) => asJson([genuine]),
		'too deep a nesting': (genuine) => ({ ...genuine, data: nested(20) }),
		'too deep a nesting in JSON': (genuine) => asJson({ ...genuine, data: nested(20) }),
		'too many keys': (genuine) => asForm(genuine, (form) => form + manyKeys),
		'a way to a prototype': (genuine) => asForm(genuine, (form) => `${form}&data%5B__proto__%5D%5BisTest%5D=1`),
		'a way to a prototype in JSON': (genuine) => asJson({ ...genuine, data: JSON.parse('{"__proto__": {"a": 1}}') }),
		'an unclosed bracket': (genuine) => asForm(genuine, (form) => `${form}&data%5BFIELDS=1`),
	}),
];

/** Deliveries that name another portal, by what they name. */
export function otherPortal(changes: Record<string, Record<string, unknown>>): Row[] {
	const makers = Object.entries(changes).map(([name, auth]): [string, Row['make']] => [
		name,
		(genuine) => withAuth(genuine, auth),
	]);
	return refused(403, 'WRONG_PORTAL', Object.fromEntries(makers));
}

/** What n8n refuses by itself, as a rule: its parsers never hand it to the trigger. */
export const unreadable: Makers = {
	'broken JSON': () => ({ body: '{"event": "ONCRMLEADDELETE"', contentType: 'application/json' }),
	'more than sixteen megabytes': () => ({ body: `event=ONCRMLEADDELETE&data=${'x'.repeat(17 * 2 ** 20)}` }),
};
