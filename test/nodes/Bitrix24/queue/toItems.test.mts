import { toQueueItems } from '../../../../nodes/Bitrix24/event/queueItem.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const portal = { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: 'https://x.bitrix24.com/rest/', status: 'L' };
const other = { ...queuedLead, ID: '29', EVENT_DATA: { FIELDS: { ID: 7 } } };

describe('toItems', () => {
	it('makes a flat item of each record, in their order', () => {
		expect(toQueueItems([other, queuedLead], portal, true)).toMatchObject([{ leadId: 7 }, { leadId: 1000983 }]);
	});

	it('hands the records on as Bitrix24 names them', () => {
		expect(toQueueItems([queuedLead, other], portal, false)).toEqual([queuedLead, other]);
	});
});
