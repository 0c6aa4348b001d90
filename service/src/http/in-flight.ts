/**
 * Requests under way, so that a notification can stop one. MCP 2025-11-25, Cancellation: it arrives as a request of its
 * own, and without sessions only the grant and the request's id say which one is meant. It stops what this task runs;
 * clients of 2026-07-28 hang up instead, which reaches whichever task it is.
 */
import type { Caller } from '../auth/caller.ts';

/** As JSON-RPC has them. */
export type RequestId = string | number;

export interface InFlight {
  /** @returns to be called when the request is over */
  begin(caller: Pick<Caller, 'grantId'>, id: RequestId, stop: AbortController): () => void;
  /** Stops the caller's request of this id; none, where two windows of one client run one each and it could be either. */
  cancel(caller: Pick<Caller, 'grantId'>, id: RequestId): void;
}

export const createInFlight = (): InFlight => {
  const running = new Map<string, Set<AbortController>>();
  const keyOf = ({ grantId }: Pick<Caller, 'grantId'>, id: RequestId): string => JSON.stringify([grantId, id]);
  return {
    begin: (caller, id, stop) => {
      const key = keyOf(caller, id);
      const same = running.get(key) ?? new Set();
      running.set(key, same.add(stop));
      return () => {
        same.delete(stop);
        if (same.size === 0 && running.get(key) === same) running.delete(key);
      };
    },
    cancel: (caller, id) => {
      const [only, another] = running.get(keyOf(caller, id)) ?? [];
      if (another === undefined) only?.abort();
    },
  };
};
