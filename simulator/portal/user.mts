/** An employee of the portal. */
export interface SimulatedUser {
	id: number;
	name: string;
	lastName: string;
	/** Whether they may manage applications; offline events need it. */
	admin: boolean;
}

/** The default staff: an administrator first, then somebody without the right to manage applications. */
export function defaultUsers(): SimulatedUser[] {
	return [
		{ id: 1, name: 'Alice', lastName: 'Archer', admin: true },
		{ id: 15, name: 'Bob', lastName: 'Baker', admin: false },
	];
}
