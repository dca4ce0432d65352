import { Settlements, settlementsOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';

/** A queue that hears what it is told, and may be slow or deaf. */
function listener() {
	const heard: Array<[what: string, processId: string, ids: string[]]> = [];
	const hear = (what: string) => async (processId: string, ids: string[]) => {
		await queue.before(what);
		if (ids.length > 0) heard.push([what, processId, ids]);
	};
	const before: (what: string) => Promise<void> = async () => {};
	const queue = {
		before,
		confirm: jest.fn(hear('confirm')),
		putAside: jest.fn(hear('putAside')),
	};
	return { queue, heard };
}

describe('Settlements', () => {
	it('tells what is owed, each reservation by itself', async () => {
		const settlements = new Settlements();
		const { queue, heard } = listener();
		settlements.confirm('one', ['1', '2']);
		settlements.confirm('one', ['3']);
		settlements.putAside('one', '4', 'message-4');
		settlements.confirm('two', ['5']);
		await settlements.flush(queue);
		expect(heard).toEqual([
			['confirm', 'one', ['1', '2', '3']],
			['putAside', 'one', ['message-4']],
			['confirm', 'two', ['5']],
		]);
	});

	it('owes nothing any more once it is told', async () => {
		const settlements = new Settlements();
		const { queue } = listener();
		settlements.confirm('one', ['1']);
		settlements.putAside('one', '2', 'message-2');
		expect(['1', '2', '3'].map((id) => settlements.owes('one', id))).toEqual([true, true, false]);
		expect(settlements.owes('two', '1')).toBe(false);
		await settlements.flush(queue);
		expect(['1', '2'].map((id) => settlements.owes('one', id))).toEqual([false, false]);
		queue.confirm.mockClear();
		await settlements.flush(queue);
		expect(queue.confirm).not.toHaveBeenCalled();
	});

	it('owes what it could not tell, and everything behind it', async () => {
		const settlements = new Settlements();
		const { queue, heard } = listener();
		settlements.confirm('one', ['1']);
		settlements.putAside('one', '2', 'message-2');
		settlements.confirm('two', ['3']);
		queue.before = async (what) => {
			if (what === 'putAside') throw new Error('The portal did not answer');
		};
		await expect(settlements.flush(queue)).rejects.toThrow('The portal did not answer');
		expect(heard).toEqual([['confirm', 'one', ['1']]]);
		expect([settlements.owes('one', '1'), settlements.owes('one', '2'), settlements.owes('two', '3')]).toEqual([
			false,
			true,
			true,
		]);

		queue.before = async () => {};
		await settlements.flush(queue);
		expect(heard.slice(1)).toEqual([
			['putAside', 'one', ['message-2']],
			['confirm', 'two', ['3']],
		]);
	});

	it('owes what is noted while it tells', async () => {
		const settlements = new Settlements();
		const { queue, heard } = listener();
		settlements.confirm('one', ['1']);
		settlements.putAside('one', '2', 'message-2');
		queue.before = async (what) => {
			if (what === 'confirm') settlements.confirm('one', ['3']);
			else settlements.putAside('one', '4', 'message-4');
		};
		await settlements.flush(queue);
		expect(heard).toEqual([
			['confirm', 'one', ['1']],
			['putAside', 'one', ['message-2']],
		]);
		expect(['1', '2', '3', '4'].map((id) => settlements.owes('one', id))).toEqual([false, false, true, true]);
	});

	it('loses nothing when two triggers that share a queue tell at once', async () => {
		const settlements = new Settlements();
		const { queue, heard } = listener();
		let goOn = () => {};
		const held = new Promise<void>((resolve) => (goOn = resolve));
		settlements.confirm('one', ['1']);
		queue.before = async () => await held;
		const slow = settlements.flush(queue);
		queue.before = async () => {};
		await settlements.flush(queue);
		settlements.confirm('one', ['2']);
		goOn();
		await slow;
		expect(settlements.owes('one', '2')).toBe(true);
		await settlements.flush(queue);
		expect(heard.at(-1)).toEqual(['confirm', 'one', ['2']]);
	});
});

describe('settlementsOf', () => {
	const app = { memberId: 'portal', clientId: 'app' };

	it('outlives the trigger', () => {
		expect(settlementsOf({ ...app }, 'queue')).toBe(settlementsOf({ ...app }, 'queue'));
		expect(settlementsOf(app, null)).toBe(settlementsOf(app, null));
	});

	it.each([
		['queue', app, 'other'],
		['shared queue', app, null],
		['portal', { ...app, memberId: 'other' }, 'queue'],
		['app, which can not confirm what this one has reserved', { ...app, clientId: 'other' }, 'queue'],
	])('is another one for another %s', (_, connection, connector) => {
		expect(settlementsOf(connection, connector)).not.toBe(settlementsOf(app, 'queue'));
	});
});
