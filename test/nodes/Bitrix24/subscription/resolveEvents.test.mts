import { resolveEvents } from '../../../../nodes/Bitrix24/subscription/selectedEvents.js';

const known = ['ONCRMLEADADD', 'ONCRMLEADDELETE', 'ONTASKADD'];

describe('resolveEvents', () => {
	it("finds the portal's own codes, each once, in the order of the selection", () => {
		expect(resolveEvents([' onTaskAdd ', 'ONCRMLEADADD', 'ONTASKADD'], known)).toEqual({
			codes: ['ONTASKADD', 'ONCRMLEADADD'],
			unknown: [],
		});
	});

	it.each([
		['only the older', ['ONLEADDELETE'], ['ONLEADDELETE']],
		['only the newer', ['ONCRMLEADDELETE'], ['ONCRMLEADDELETE']],
		['both, the older first', ['ONLEADDELETE', 'ONCRMLEADDELETE'], ['ONCRMLEADDELETE']],
		['both, the newer first', ['ONCRMLEADDELETE', 'ONLEADDELETE'], ['ONCRMLEADDELETE']],
		['one in small letters', ['onCrmLeadDelete'], ['ONCRMLEADDELETE']],
	])('binds the lead-deleted event under the name that the portal lists: %s', (_name, listed, codes) => {
		for (const selected of ['ONLEADDELETE', 'ONCRMLEADDELETE']) {
			expect(resolveEvents([selected], listed)).toEqual({ codes, unknown: [] });
		}
	});

	it('takes both names of one event for one selection', () => {
		expect(resolveEvents(['ONLEADDELETE', 'ONCRMLEADDELETE'], known).codes).toEqual(['ONCRMLEADDELETE']);
	});

	it('names what the portal does not know, with what it knows that looks like it', () => {
		expect(resolveEvents(['ONCRMLEADDELETED', 'ONTASKADD', 'ONQUUX'], known)).toEqual({
			codes: ['ONTASKADD'],
			unknown: [
				{ code: 'ONCRMLEADDELETED', nearest: ['ONCRMLEADDELETE', 'ONCRMLEADADD'] },
				{ code: 'ONQUUX', nearest: [] },
			],
		});
	});

	it('finds nothing in nothing', () => {
		expect(resolveEvents([], known)).toEqual({ codes: [], unknown: [] });
		expect(resolveEvents(['ONTASKADD'], [])).toEqual({ codes: [], unknown: [{ code: 'ONTASKADD', nearest: [] }] });
	});
});
