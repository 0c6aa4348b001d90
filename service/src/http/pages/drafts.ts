/** A comment that was typed before the sign-in turned out too old, kept until its writer is back. */
import type { Ephemeral } from '../../ports/ephemeral.ts';

/** Longest way through a sign-in. */
const keptSeconds = 900;

/** By person and operation. What is lost with a restart is typed again. */
export interface Drafts {
  keep(personId: string, operationId: string, comment: string): Promise<void>;
  find(personId: string, operationId: string): Promise<string | undefined>;
  drop(personId: string, operationId: string): Promise<void>;
}

export const createDrafts = (ephemeral: Pick<Ephemeral, 'get' | 'set' | 'remove'>): Drafts => {
  const key = (personId: string, operationId: string): string => `draft:${operationId}:${personId}`;
  return {
    keep: (personId, operationId, comment) => ephemeral.set(key(personId, operationId), comment, keptSeconds),
    find: (personId, operationId) => ephemeral.get(key(personId, operationId)),
    drop: (personId, operationId) => ephemeral.remove(key(personId, operationId)),
  };
};
