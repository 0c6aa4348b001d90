/** Ends operations that nobody answered in time. */
import { unleased } from './claims.ts';
import type { Operation } from './operation.ts';
import { contextOf, eventOf, move, type PipelineParts } from './parts.ts';

/** @throws conflict when somebody answered at the last moment */
export const expire = (parts: PipelineParts, operation: Operation): Promise<Operation> => {
  const event = { action: 'expire', result: 'success' } as const;
  return move(
    parts,
    unleased(operation),
    'expired',
    { note: `Nobody decided before ${operation.expiresAt}.` },
    eventOf(operation, operation.requester, event, contextOf(parts, operation)),
  );
};
