import { z } from 'zod';

/** A truth value as Bitrix24 writes it: `true`, `1`, `"Y"`, `"true"`; everything else is no. */
export const yes = z
	.unknown()
	.transform((value) => value === true || value === 1 || /^(?:y|true|1)$/i.test(String(value)));
