import { z } from 'zod';

import { yes } from './yes';

/** The result of a method that answers `true`, or 1, once it is done: anything else says that nobody knows. */
export const carriedOut = yes.pipe(z.literal(true));
