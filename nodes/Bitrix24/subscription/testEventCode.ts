/** What `event.test` makes the portal send to the handlers bound to it. */
export const testEventCode = 'ONAPPTEST';
