import { z } from 'zod';

/** What JSON can carry. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Accepts everything that JSON can carry. */
export const json: z.ZodType<Json> = z.lazy(() =>
	z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
