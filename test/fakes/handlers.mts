import type { IDataObject } from 'n8n-workflow';

/** A handler as `event.get` lists it. */
export type BoundHandler = {
	event: string;
	handler?: string;
	auth_type?: string;
	connector_id?: string;
	offline: number;
};

/** `event.bind` by an administrator. False: the same (event, handler, user, connector) is bound already. */
export function bindHandler(handlers: BoundHandler[], parameters: IDataObject): boolean {
	const isAt = placeOf(parameters);
	const general = String(parameters.auth_type ?? '0');
	if (handlers.some((bound) => isAt(bound) && (bound.auth_type ?? '0') === general)) return false;
	const event = String(parameters.event);
	if (parameters.event_type === 'offline') {
		handlers.push({ event, connector_id: String(parameters.auth_connector ?? ''), offline: 1 });
	} else {
		handlers.push({ event, handler: String(parameters.handler), auth_type: general, offline: 0 });
	}
	return true;
}

/** `event.unbind` by an administrator: of all users where none is named. Tells how many there were. */
export function unbindHandlers(handlers: BoundHandler[], parameters: IDataObject): number {
	const isAt = placeOf(parameters);
	const { auth_type: whose } = parameters;
	const goes = (bound: BoundHandler) => isAt(bound) && (whose === undefined || bound.auth_type === whose);
	const stays = handlers.filter((bound) => !goes(bound));
	return handlers.splice(0, handlers.length, ...stays).length - stays.length;
}

/** Recognizes what is bound for an event at an address. */
function placeOf(parameters: IDataObject): (bound: BoundHandler) => boolean {
	const { event, handler, event_type: type, auth_connector: connector = '' } = parameters;
	return (bound) =>
		bound.event === event &&
		(type === 'offline'
			? bound.offline === 1 && (bound.connector_id ?? '') === connector
			: bound.offline === 0 && bound.handler === handler);
}
