import { caveatsOf, eventCatalogue, scopeOf } from '../../../../nodes/Bitrix24/event/catalogue.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

const names = eventCatalogue.map(({ name }) => name);

describe('eventCatalogue', () => {
	it('has the documented events, each with its scope, and no others', () => {
		const facts = (list: ReadonlyArray<{ code: string; scope: string | null }>) =>
			list.map(({ code, scope }) => `${code} ${scope}`).sort();

		expect(facts(eventCatalogue)).toEqual(facts(events));
	});

	it('has names that n8n accepts as options: each once, in alphabetical order', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	});

	it('writes names in Title Case, as what happened', () => {
		const small = /^(?:to|on|with)$/;
		for (const name of names) {
			const words = name.split(' ').filter((word) => !small.test(word));
			expect(words).toEqual(words.map(() => expect.stringMatching(/^[A-Z][A-Za-z-]*$/)));
			expect(words.length).toBeGreaterThan(1);
		}
	});
});

describe('scopeOf', () => {
	it.each([
		['ONLEADDELETE', 'crm'],
		[' onTaskAdd ', 'task'],
		['ONAPPINSTALL', null],
		['ONSOMETHINGNEW', null],
		['constructor', null],
	])('says that %p needs %s', (code, scope) => {
		expect(scopeOf(code)).toBe(scope);
	});

	it('says of every documented event what the documentation says', () => {
		for (const { code, scope } of events) {
			expect([code, scopeOf(code)]).toEqual([code, scope === 'basic' ? null : scope]);
		}
	});
});

describe('caveatsOf', () => {
	it.each([
		['ONCRMLEADDELETE', []],
		['ONTASKCOMMENTADD', []],
		['ONTASKCOMMENTUPDATE', [/new task card/]],
		['ONAPPINSTALL', [/only to an app/]],
		['ONCRMDEALMOVETOCATEGORY', [/only to an app/]],
		['ONOFFLINEEVENT', [/queue of this app has something/, /only to an app/]],
	])('says of %s what may keep it from arriving', (code, caveats) => {
		expect(caveatsOf(code)).toEqual(caveats.map((caveat) => expect.stringMatching(caveat)));
	});
});
