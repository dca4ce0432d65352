import { toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { PendingAcks, pendingAcksOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';

const failed = (id: string) => ({ id, messageId: `message-${id}`, event: 'ONCRMLEADDELETE' });

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
		superseded: new Set<string>(),
		findSuperseded: async () => queue.superseded,
	};
	const moved: string[] = [];
	const onMoved = ({ id }: { id: string }, isSuperseded: boolean) =>
		void moved.push(isSuperseded ? `${id} superseded` : id);
	return { queue, heard, moved, onMoved };
}

describe('PendingAcks', () => {
	it('tells what is owed, each reservation by itself', async () => {
		const settlements = new PendingAcks();
		const { queue, heard, onMoved } = listener();
		settlements.acknowledge('one', ['1', '2']);
		settlements.acknowledge('one', ['3']);
		settlements.moveToFailed('one', failed('4'));
		settlements.acknowledge('two', ['5']);
		await settlements.flush(queue, onMoved);
		expect(heard).toEqual([
			['acknowledge', 'one', ['1', '2', '3']],
			['moveToFailed', 'one', ['message-4']],
			['acknowledge', 'two', ['5']],
		]);
	});

	it('gives up a failed record where a newer one of its object waits, and says what became of each', async () => {
		const settlements = new PendingAcks();
		const { queue, heard, moved, onMoved } = listener();
		for (const id of ['1', '2']) settlements.moveToFailed('one', failed(id));
		queue.superseded.add('2');
		await settlements.flush(queue, onMoved);
		expect(heard).toEqual([
			['acknowledge', 'one', ['2']],
			['moveToFailed', 'one', ['message-1']],
		]);
		expect(moved).toEqual(['2 superseded', '1']);
		expect(['1', '2'].map((id) => settlements.has('one', id))).toEqual([false, false]);
	});

	it('says what became of a record once, also where the next one cannot be told', async () => {
		const settlements = new PendingAcks();
		const { queue, moved, onMoved } = listener();
		for (const id of ['1', '2']) settlements.moveToFailed('one', failed(id));
		queue.superseded.add('2');
		queue.before = async (what) => {
			if (what === 'moveToFailed') throw new Error('The portal did not answer');
		};
		await expect(settlements.flush(queue, onMoved)).rejects.toThrow('The portal did not answer');
		expect(moved).toEqual(['2 superseded']);
		queue.superseded.clear();
		queue.before = async () => {};
		await settlements.flush(queue, onMoved);
		expect(moved).toEqual(['2 superseded', '1']);
	});

	it('owes nothing any more once it is told', async () => {
		const settlements = new PendingAcks();
		const { queue, onMoved } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', failed('2'));
		expect(['1', '2', '3'].map((id) => settlements.has('one', id))).toEqual([true, true, false]);
		expect(settlements.has('two', '1')).toBe(false);
		await settlements.flush(queue, onMoved);
		expect(['1', '2'].map((id) => settlements.has('one', id))).toEqual([false, false]);
		queue.acknowledge.mockClear();
		await settlements.flush(queue, onMoved);
		expect(queue.acknowledge).not.toHaveBeenCalled();
	});

	it('owes what it could not tell, and everything behind it', async () => {
		const settlements = new PendingAcks();
		const { queue, heard, onMoved } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', failed('2'));
		settlements.acknowledge('two', ['3']);
		queue.before = async (what) => {
			if (what === 'moveToFailed') throw new Error('The portal did not answer');
		};
		await expect(settlements.flush(queue, onMoved)).rejects.toThrow('The portal did not answer');
		expect(heard).toEqual([['acknowledge', 'one', ['1']]]);
		expect([settlements.has('one', '1'), settlements.has('one', '2'), settlements.has('two', '3')]).toEqual([
			false,
			true,
			true,
		]);

		queue.before = async () => {};
		await settlements.flush(queue, onMoved);
		expect(heard.slice(1)).toEqual([
			['moveToFailed', 'one', ['message-2']],
			['acknowledge', 'two', ['3']],
		]);
	});

	it('owes what is noted while it tells', async () => {
		const settlements = new PendingAcks();
		const { queue, heard, onMoved } = listener();
		settlements.acknowledge('one', ['1']);
		settlements.moveToFailed('one', failed('2'));
		queue.before = async (what) => {
			if (what === 'acknowledge') settlements.acknowledge('one', ['3']);
			else settlements.moveToFailed('one', failed('4'));
		};
		await settlements.flush(queue, onMoved);
		expect(heard).toEqual([
			['acknowledge', 'one', ['1']],
			['moveToFailed', 'one', ['message-2']],
		]);
		expect(['1', '2', '3', '4'].map((id) => settlements.has('one', id))).toEqual([false, false, true, true]);
	});

	it('loses nothing when two triggers that share a queue tell at once', async () => {
		const settlements = new PendingAcks();
		const { queue, heard, onMoved } = listener();
		let goOn = () => {};
		const held = new Promise<void>((resolve) => (goOn = resolve));
		settlements.acknowledge('one', ['1']);
		queue.before = async () => await held;
		const slow = settlements.flush(queue, onMoved);
		queue.before = async () => {};
		await settlements.flush(queue, onMoved);
		settlements.acknowledge('one', ['2']);
		goOn();
		await slow;
		expect(settlements.has('one', '2')).toBe(true);
		await settlements.flush(queue, onMoved);
		expect(heard.at(-1)).toEqual(['acknowledge', 'one', ['2']]);
	});

	it('says once what became of a record that two triggers move at once', async () => {
		const settlements = new PendingAcks();
		const { queue, moved, onMoved } = listener();
		settlements.moveToFailed('one', failed('1'));
		await Promise.all([settlements.flush(queue, onMoved), settlements.flush(queue, onMoved)]);
		expect([queue.moveToFailed.mock.calls.length, moved]).toEqual([2, ['1']]);
	});
});

describe('pendingAcksOf', () => {
	it('outlives the trigger, and is another one for another queue', () => {
		pendingAcksOf('queue').acknowledge('process', ['1']);
		expect(['queue', 'another'].map((key) => pendingAcksOf(key).has('process', '1'))).toEqual([true, false]);
	});
});

describe('reservations that the portal refuses', () => {
	const refusing = (...processIds: string[]) => {
		const { queue, heard, onMoved } = listener();
		const failure = { status: 400, code: 'ERROR_ARGUMENT', description: '' };
		const acks = new PendingAcks();
		for (const processId of [...processIds, 'good']) acks.acknowledge(processId, ['1']);
		const acknowledge = async (processId: string, ids: string[]) => {
			if (processIds.includes(processId)) throw toActionableError(failure);
			await queue.acknowledge(processId, ids);
		};
		const flush = async () => (await acks.flush({ ...queue, acknowledge }, onMoved)).map(({ processId }) => processId);
		return { acks, heard, flush, failure };
	};

	it('hold up no other, stay pending, and are told of once', async () => {
		const { acks, heard, flush } = refusing('one', 'two');
		expect([await flush(), await flush()]).toEqual([['one', 'two'], []]);
		expect(heard).toEqual([['acknowledge', 'good', ['1']]]);
		expect(acks.has('two', '1')).toBe(true);
	});

	it('are an outage where they are more than five, or where everything is refused', async () => {
		const many = refusing('1', '2', '3', '4', '5', '6');
		await expect(many.flush()).rejects.toThrow('Bitrix24 refused: ERROR_ARGUMENT.');
		const { flush, failure } = refusing('one');
		failure.status = 403;
		await expect(flush()).rejects.toThrow('Bitrix24 refused: ERROR_ARGUMENT.');
	});
});
