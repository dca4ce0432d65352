import { applicationStatus } from '../../../../nodes/Bitrix24/event/itemFields.js';

describe('applicationStatus', () => {
	it.each([
		['L', 'local'],
		['F', 'free'],
		['D', 'demo'],
		['T', 'trial'],
		['P', 'paid'],
		['S', 'subscription'],
	])('puts %s into a word', (letter, word) => {
		expect(applicationStatus(letter)).toBe(word);
	});

	it.each(['X', 'l', 'constructor', '__proto__'])('leaves %s as sent', (letter) => {
		expect(applicationStatus(letter)).toBe(letter);
	});

	it('is null where none is sent', () => {
		expect(applicationStatus(undefined)).toBeNull();
	});
});
