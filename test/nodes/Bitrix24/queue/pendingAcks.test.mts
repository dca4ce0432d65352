import { toActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { PendingAcks, pendingAcksOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';

/** Acks, and a queue that hears what it is told, and may be slow or deaf. */
function world() {
	const heard: Array<[what: string, processId: string, ids: string[]]> = [];
	const moved: string[] = [];
	const acks = new PendingAcks();
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
	return {
		acks,
		queue,
		heard,
		moved,
		fail: (id: string) => acks.moveToFailed('one', { id, messageId: `message-${id}`, event: 'ONCRMLEADDELETE' }),
		flush: async () =>
			await acks.flush(queue, ({ id }, isSuperseded) => void moved.push(isSuperseded ? `${id} superseded` : id)),
		/** Which of these records of the first reservation are pending. */
		pending: (...ids: string[]) => ids.filter((id) => acks.has('one', id)),
	};
}

const deaf = async (what: string) => {
	if (what === 'moveToFailed') throw new Error('The portal did not answer');
};

it('what is pending is sent, each reservation by itself, and no longer pending then', async () => {
	const { acks, queue, heard, moved, fail, flush, pending } = world();
	acks.acknowledge('one', ['1', '2']);
	acks.acknowledge('one', ['3']);
	for (const id of ['4', '5']) fail(id);
	acks.acknowledge('two', ['6']);
	// The newer one of the same object stands for it.
	queue.superseded.add('5');
	expect([pending('1', '3', '4', '6'), acks.has('two', '6')]).toEqual([['1', '3', '4'], true]);
	await flush();
	expect(heard).toEqual([
		['acknowledge', 'one', ['1', '2', '3']],
		['acknowledge', 'one', ['5']],
		['moveToFailed', 'one', ['message-4']],
		['acknowledge', 'two', ['6']],
	]);
	expect([moved, pending('1', '3', '4', '5')]).toEqual([['5 superseded', '4'], []]);
	queue.acknowledge.mockClear();
	await flush();
	expect(queue.acknowledge).not.toHaveBeenCalled();
});

it('what could not be sent stays pending, and everything behind it; what became of a record is said once', async () => {
	const { acks, queue, heard, moved, fail, flush, pending } = world();
	acks.acknowledge('one', ['1']);
	for (const id of ['2', '3']) fail(id);
	acks.acknowledge('two', ['4']);
	queue.superseded.add('3');
	queue.before = deaf;
	await expect(flush()).rejects.toThrow('The portal did not answer');
	expect([pending('1', '2', '3'), acks.has('two', '4'), moved]).toEqual([['2'], true, ['3 superseded']]);
	queue.before = async () => {};
	queue.superseded.clear();
	heard.length = 0;
	await flush();
	expect(heard).toEqual([
		['moveToFailed', 'one', ['message-2']],
		['acknowledge', 'two', ['4']],
	]);
	expect(moved).toEqual(['3 superseded', '2']);
});

it('what is noted while it is sent stays pending', async () => {
	const { acks, queue, fail, flush, pending } = world();
	acks.acknowledge('one', ['1']);
	fail('2');
	queue.before = async (what) => {
		if (what === 'acknowledge') acks.acknowledge('one', ['3']);
		else fail('4');
	};
	await flush();
	expect(pending('1', '2', '3', '4')).toEqual(['3', '4']);
});

it('nothing is lost or said twice when two triggers that share a queue send at once', async () => {
	const { acks, queue, heard, moved, fail, flush, pending } = world();
	let goOn = () => {};
	const held = new Promise<void>((resolve) => (goOn = resolve));
	acks.acknowledge('one', ['1']);
	queue.before = async () => await held;
	const slow = flush();
	queue.before = async () => {};
	await flush();
	acks.acknowledge('one', ['2']);
	goOn();
	await slow;
	expect(pending('2')).toEqual(['2']);
	fail('3');
	await Promise.all([flush(), flush()]);
	expect(heard.at(-1)).toEqual(['moveToFailed', 'one', ['message-3']]);
	expect([queue.moveToFailed.mock.calls.length, moved, pending('2', '3')]).toEqual([2, ['3'], []]);
});

it('what is pending outlives the trigger, and is another thing for another queue', () => {
	pendingAcksOf('queue').acknowledge('process', ['1']);
	expect(['queue', 'another'].map((key) => pendingAcksOf(key).has('process', '1'))).toEqual([true, false]);
});

describe('reservations that the portal refuses', () => {
	const refusing = (...processIds: string[]) => {
		const { acks, queue, heard } = world();
		const failure = { status: 400, code: 'ERROR_ARGUMENT', description: '' };
		for (const processId of [...processIds, 'good']) acks.acknowledge(processId, ['1']);
		const acknowledge = async (processId: string, ids: string[]) => {
			if (processIds.includes(processId)) throw toActionableError(failure);
			await queue.acknowledge(processId, ids);
		};
		const flush = async () =>
			(await acks.flush({ ...queue, acknowledge }, () => undefined)).map(({ processId }) => processId);
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
