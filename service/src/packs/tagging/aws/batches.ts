/** Calls that take many members at once, and fail as a whole for one bad member. */
import { failureOf, isCredentialFailure, isThrottling, statusOf } from './failure.ts';
import { inParallel } from './parallel.ts';
import { chunked } from './place.ts';

export interface Batched<T, R> {
  readonly results: R[];
  /** Members whose call failed when nothing smaller was left to try, each with its error. */
  readonly failed: { readonly member: T; readonly error: unknown }[];
}

const live = new AbortController().signal;

/** Did the service refuse what it was given? Then one member may be to blame; a service that is away blames nobody. */
const blamesInput = (error: unknown): boolean => {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500 || status === 408 || status === 429) return false;
  return !(error instanceof Error && isThrottling(error.name)) && !isCredentialFailure(failureOf(error, '', live));
};

const isDenial = (error: unknown): boolean => failureOf(error, '', live).code === 'access_denied';

/**
 * Tries all members in one call; when the service refuses it, the halves, until each bad member is alone.
 * A role that may not call at all would be asked once for each member: after one was refused alone and nothing had
 * succeeded, a group that is refused is not split any more.
 */
const bySplitting = async <T, R>(
  members: readonly T[],
  attempt: (members: readonly T[]) => Promise<readonly R[]>,
): Promise<Batched<T, R>> => {
  const batched: Batched<T, R> = { results: [], failed: [] };
  let succeeded = false;
  let deniedAlone = false;
  const go = async (group: readonly T[]): Promise<void> => {
    try {
      batched.results.push(...(await attempt(group)));
      succeeded = true;
    } catch (error) {
      const denied = isDenial(error);
      const hopeless = denied && deniedAlone && !succeeded;
      if (group.length > 1 && blamesInput(error) && !hopeless) {
        const middle = Math.ceil(group.length / 2);
        await go(group.slice(0, middle));
        await go(group.slice(middle));
        return;
      }
      if (denied && group.length === 1) deniedAlone = true;
      for (const member of group) batched.failed.push({ member, error });
    }
  };
  if (members.length > 0) await go(members);
  return batched;
};

/**
 * Calls in batches of `size`, `limit` of them at once. A bad member fails alone.
 * @param attempt one call; what it throws is its members' error
 */
export const inBatches = async <T, R>(
  members: readonly T[],
  { size, limit }: { readonly size: number; readonly limit: number },
  attempt: (members: readonly T[]) => Promise<readonly R[]>,
): Promise<Batched<T, R>> => {
  const batches = await inParallel(chunked(members, size), limit, (batch) => bySplitting(batch, attempt));
  return {
    results: batches.flatMap((batch) => batch.results),
    failed: batches.flatMap((batch) => batch.failed),
  };
};
