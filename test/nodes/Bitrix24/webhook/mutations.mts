import fc from 'fast-check';

import deliveries from '../../../fixtures/deliveries.json' with { type: 'json' };
import secrets from '../../../fixtures/secrets.json' with { type: 'json' };

const { contactAdded, leadDeleted } = deliveries;

type Mutation = (text: string) => string;

// What means something to a reader of forms, of JSON or of HTTP, and what once was an attack somewhere.
const pieces = [
	...['&', '=', '[', ']', '[]', '[0]', '][', '%5B', '%5D', '%', '%2', '%00', '%ff', '%C0%80', '+', ';', '?', '#', ','],
	...['\0', '\r\n', '\uFEFF', 'é', '🎉', '"', '{', '}', '\\', ':', 'null', '-1', '1e999', '00', '9'.repeat(20)],
	...['__proto__', 'constructor', 'prototype', '[__proto__][a]=1', '&__proto__[a]=1', 'toString', 'length'],
	...['event', 'data', 'ts', 'auth', 'auth[application_token]', 'auth[member_id]', 'auth[access_token]', 'QUERY'],
	...['ONCRMLEADDELETE', 'ONCRMCONTACTADD', 'ONAPPTEST', ' ONLEADDELETE ', 'ONCRMDEALADD'],
	...['&auth[application_token]=', '&auth[application_token][]=', '&auth=', '&auth[]=', '&event=', '&data='],
	...[contactAdded, leadDeleted].flatMap(({ applicationToken, memberId }) => [applicationToken, memberId]),
	...['[a]'.repeat(40), '&a[]=b'.repeat(6_000), 'k'.repeat(300), 'v'.repeat(70_000), secrets.otherApplicationToken],
];

const place = fc.nat({ max: 5_000 });
const span = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 40 }) }, fc.nat({ max: 5_000 }));
const piece = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom(...pieces.filter(({ length }) => length < 100)) },
	{ weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
	{ weight: 1, arbitrary: fc.constantFrom(...pieces) },
);

/** Cuts a text in three: a part of some length at some place, and what stands around it. */
function cut(text: string, at: number, length: number): [before: string, part: string, after: string] {
	const start = at % (text.length + 1);
	return [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)];
}

/** Changes the order, number or content of the pairs of a form. */
const ofPairs = fc.tuple(fc.constantFrom('drop', 'repeat', 'last', 'value', 'empty'), fc.nat({ max: 20 }), piece).map(
	([how, index, value]): Mutation =>
		(text) => {
			const pairs = text.split('&');
			const at = index % pairs.length;
			const pair = pairs[at] ?? '';
			const key = pair.split('=', 1)[0] ?? '';
			const changed = { drop: [], repeat: [pair, pair], last: [], value: [`${key}=${value}`], empty: [`${key}=`] }[how];
			return [...pairs.slice(0, at), ...changed, ...pairs.slice(at + 1), ...(how === 'last' ? [pair] : [])].join('&');
		},
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.tuple(place, piece).map(
		([at, added]): Mutation =>
			(text) =>
				cut(text, at, 0).join(added),
	),
	fc.tuple(place, span).map(
		([at, length]): Mutation =>
			(text) => {
				const [before, , after] = cut(text, at, length);
				return before + after;
			},
	),
	fc.tuple(place, span).map(
		([at, length]): Mutation =>
			(text) => {
				const [before, part, after] = cut(text, at, length);
				return before + part + part + after;
			},
	),
	fc.tuple(place, span, piece).map(
		([at, length, other]): Mutation =>
			(text) => {
				const [before, , after] = cut(text, at, length);
				return before + other + after;
			},
	),
	fc.tuple(place, span).map(
		([at, length]): Mutation =>
			(text) => {
				const [before, part, after] = cut(text, at, length);
				return before + [...part].reverse().join('') + after;
			},
	),
	fc.tuple(place, span).map(
		([at, length]): Mutation =>
			(text) => {
				const [before, part, after] = cut(text, at, length);
				return (
					before + part.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) + after
				);
			},
	),
	ofPairs,
	ofPairs,
);

/** No change, or several. */
export const mutations: fc.Arbitrary<Mutation> = fc
	.array(mutation, { maxLength: 4 })
	.map((list) => (text) => list.reduce((changed, change) => change(changed), text));

/** Bytes in place of others, at a few places. */
export const scratches: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc
	.array(fc.tuple(place, fc.nat({ max: 255 })), { maxLength: 2 })
	.map((list) => (bytes) => {
		const scratched = Buffer.from(bytes);
		for (const [at, byte] of list) if (bytes.length > 0) scratched[at % bytes.length] = byte;
		return scratched;
	});

const places = ['event', 'event_handler_id', 'ts', 'data', 'data.QUERY', 'data.QUERY.challenge', 'data.FIELDS.ID']
	.concat(['auth', 'auth.application_token', 'auth.member_id', 'auth.access_token', 'auth.domain', 'auth.user_id'])
	.map((path) => path.split('.'));
const deep = (depth: number): unknown => (depth === 0 ? 'v' : { a: deep(depth - 1) });
const oddities: unknown[] = [
	...[
		deep(14),
		deep(15),
		deep(16),
		deep(17),
		JSON.parse('{"__proto__":{"a":"b"}}'),
		{ constructor: { prototype: {} } },
	],
	...[Array(5_001).fill('v'), { ['k'.repeat(256)]: 'v' }, 'ONCRMLEADDELETE', [secrets.applicationToken], 0, true, null],
];
const value = fc.oneof(fc.constantFrom(...pieces), fc.jsonValue(), fc.constantFrom(...oddities));
const at = fc.oneof(fc.constantFrom(...places), fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1 }));

/** Other values at some places of a JSON body; undefined takes one away. */
export const replacements: fc.Arbitrary<(body: object) => unknown> = fc
	.array(fc.tuple(at, fc.option(value, { nil: undefined })), { maxLength: 4 })
	.map((list) => (body) => {
		const changed: unknown = structuredClone(body);
		for (const [path, replacement] of list) replace(changed, path, structuredClone(replacement));
		return JSON.parse(JSON.stringify(changed));
	});

function replace(within: unknown, [key = '', ...rest]: string[], replacement: unknown): void {
	if (typeof within !== 'object' || within === null) return;
	const map = new Map(Object.entries(within));
	if (rest.length > 0) replace(map.get(key), rest, replacement);
	else Object.defineProperty(within, key, { value: replacement, enumerable: true, configurable: true, writable: true });
}
