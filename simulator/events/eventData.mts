/** What an event says about its object: `data` of a delivery, `EVENT_DATA` of an offline record. */
export type EventData = Record<string, unknown>;
