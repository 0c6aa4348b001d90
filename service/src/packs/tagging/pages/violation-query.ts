/** What the page of violations is asked to show. */
import { z } from 'zod';
import { severities } from '../policy/violations.ts';

/** A form sends a field that was left empty, too. */
const word = (most: number) =>
  z
    .string()
    .max(most)
    .optional()
    .catch(undefined)
    .transform((text) => (text === '' ? undefined : text));

export const ViolationQuery = z.object({
  type: word(50),
  account: word(12),
  region: word(30),
  severity: z.enum(severities).optional().catch(undefined),
  tag: word(128),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
});
export type ViolationQuery = z.output<typeof ViolationQuery>;
