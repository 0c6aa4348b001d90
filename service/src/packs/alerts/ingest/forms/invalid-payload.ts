import type { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';

/** The first thing that is wrong with a payload, by its place. */
export const invalidPayload = ({ issues: [first] }: z.ZodError): CountersignError =>
  new CountersignError('invalid_input', `${['payload', ...(first?.path ?? [])].join('.')}: ${first?.message}`);
