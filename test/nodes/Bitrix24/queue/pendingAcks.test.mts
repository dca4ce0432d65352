import { PendingAcks, pendingAcksOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';

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
		acknowledge: jest.fn(hear('acknowledge')),
		moveToFailed: jest.fn(hear('moveToFailed')),
	};
	return { queue, heard };
}

describe('PendingAcks', () => {
	it('tells what is owed, each reservation by itself', async () => {
		const settlements = new PendingAcks();
		const { queue, heard } = listener();
		settlements.acknowledge('one', ['1', '2']);
		settlements.acknowledge('one', ['3']);
		settlements.moveToFailed('one', '4', 'message-4');
		settlements.acknowledge('two', ['5']);
		await settlements.flush(queue);
		expect(heard).toEqual([
			['acknowledge', 'one', ['1', '2', '3']],
			['moveToFailed', 'one', ['message-4']],
			['acknowledge', 'two', ['5']],
		]);
	});

	it('owes nothing any more once it is told', async () => {
		const settlements = new PendingAcks();
		const { queue } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', '2', 'message-2');
		expect(['1', '2', '3'].map((id) => settlements.has('one', id))).toEqual([true, true, false]);
		expect(settlements.has('two', '1')).toBe(false);
		await settlements.flush(queue);
		expect(['1', '2'].map((id) => settlements.has('one', id))).toEqual([false, false]);
		queue.acknowledge.mockClear();
		await settlements.flush(queue);
		expect(queue.acknowledge).not.toHaveBeenCalled();
	});

	it('owes what it could not tell, and everything behind it', async () => {
		const settlements = new PendingAcks();
		const { queue, heard } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', '2', 'message-2');
		settlements.acknowledge('two', ['3']);
		queue.before = async (what) => {
			if (what === 'moveToFailed') throw new Error('The portal did not answer');
		};
		await expect(settlements.flush(queue)).rejects.toThrow('The portal did not answer');
		expect(heard).toEqual([['acknowledge', 'one', ['1']]]);
		expect([settlements.has('one', '1'), settlements.has('one', '2'), settlements.has('two', '3')]).toEqual([
			false,
			true,
			true,
		]);

		queue.before = async () => {};
		await settlements.flush(queue);
		expect(heard.slice(1)).toEqual([
			['moveToFailed', 'one', ['message-2']],
			['acknowledge', 'two', ['3']],
		]);
	});

	it('owes what is noted while it tells', async () => {
		const settlements = new PendingAcks();
		const { queue, heard } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', '2', 'message-2');
		queue.before = async (what) => {
			if (what === 'acknowledge') settlements.acknowledge('one', ['3']);
			else settlements.moveToFailed('one', '4', 'message-4');
		};
		await settlements.flush(queue);
		expect(heard).toEqual([
			['acknowledge', 'one', ['1']],
			['moveToFailed', 'one', ['message-2']],
		]);
		expect(['1', '2', '3', '4'].map((id) => settlements.has('one', id))).toEqual([false, false, true, true]);
	});

	it('loses nothing when two triggers that share a queue tell at once', async () => {
		const settlements = new PendingAcks();
		const { queue, heard } = listener();
		let goOn = () => {};
		const held = new Promise<void>((resolve) => (goOn = resolve));
		settlements.acknowledge('one', ['1']);
		queue.before = async () => await held;
		const slow = settlements.flush(queue);
		queue.before = async () => {};
		await settlements.flush(queue);
		settlements.acknowledge('one', ['2']);
		goOn();
		await slow;
		expect(settlements.has('one', '2')).toBe(true);
		await settlements.flush(queue);
		expect(heard.at(-1)).toEqual(['acknowledge', 'one', ['2']]);
	});
});

describe('pendingAcksOf', () => {
	const app = { memberId: 'portal', clientId: 'app' };

	it('outlives the trigger', () => {
		for (const connector of ['queue', null]) {
			pendingAcksOf({ ...app }, connector).acknowledge('process', ['1']);
			expect(pendingAcksOf({ ...app }, connector).has('process', '1')).toBe(true);
		}
	});

	it.each([
		['queue', app, 'other'],
		['shared queue', app, null],
		['portal', { ...app, memberId: 'other' }, 'queue'],
		['app, which can not confirm what this one has reserved', { ...app, clientId: 'other' }, 'queue'],
	])('is another one for another %s', (_, connection, connector) => {
		pendingAcksOf(app, 'queue').acknowledge('another', ['1']);
		expect(pendingAcksOf(connection, connector).has('another', '1')).toBe(false);
	});
});
