import type { CallContext } from '../call.ts';
import { withAuthority } from '../call-authority.ts';
import type { Origin } from '../origin.ts';
import { timeLimit } from './lease.ts';
import type { Operation } from './operation.ts';
import { contextOf, type PipelineParts } from './parts.ts';

/**
 * Does something on behalf of an operation, as its requester. What it leads to may use the requester's credentials, whoever's
 * request it is in, and only until it ends.
 */
export const actingFor = <T>(
  parts: PipelineParts,
  operation: Operation,
  origin: Origin,
  work: (context: CallContext) => Promise<T>,
): Promise<T> =>
  withAuthority({ person: operation.requester, tool: operation.tool, origin }, (authority) =>
    work({ ...contextOf(parts, operation), origin, authority, signal: timeLimit(parts) }),
  );
