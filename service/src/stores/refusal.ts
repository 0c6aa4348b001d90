/**
 * What an engine refuses because of the value it was handed, and not because it is away. Most of it is refused before
 * an engine sees it (rows.ts, range.ts); what remains must not look like an outage, for which people are woken.
 */
import { CountersignError } from '../errors.ts';

/** PostgreSQL's SQLSTATE classes: 22 data exception, 54 program limit exceeded. */
const SQLSTATE = /^(22|54)[0-9A-Z]{3}$/;

const told = (error: unknown): { readonly name?: unknown; readonly code?: unknown } =>
  typeof error === 'object' && error !== null ? error : {};

/** Undefined for every other error. */
export const storeRefusalOf = (cause: unknown): CountersignError | undefined => {
  const { name, code } = told(cause);
  const [, kind] = (typeof code === 'string' && SQLSTATE.exec(code)) || [];
  if (kind === '54') return new CountersignError('too_large', 'A value is larger than the store keeps.', { cause });
  // DynamoDB's is also thrown for a request that is wrong in itself; the cause is in the log.
  if (kind === undefined && name !== 'ValidationException') return undefined;
  return new CountersignError('invalid_input', 'A value is one that the store cannot hold or look for.', { cause });
};
