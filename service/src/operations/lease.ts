/** The one place that says how long an apply may take, and how long others keep away from it. */
import { randomUUID } from 'node:crypto';
import { LONGEST_CALL_SECONDS } from '../../../contracts/calls.ts';
import { CountersignError } from '../errors.ts';
import type { Operation } from './operation.ts';
import type { PipelineParts } from './parts.ts';

/** Longest time one apply may take by default, in milliseconds. Lease and claims follow from it. */
export const APPLY_MS = LONGEST_CALL_SECONDS * 1000;
/** Default of claimWaitMs: shorter than a drain, and than an answer may take behind a proxy. */
export const CLAIM_WAIT_MS = 10_000;
/** Milliseconds by which a lease outlives its apply, for requests that end late and for clocks that differ. */
const LEASE_MARGIN_MS = 60_000;
/** Seconds by which claims on resources outlive the lease. */
const CLAIM_MARGIN_SECONDS = 60;

export type Lease = NonNullable<Operation['lease']> & { readonly id: string };

/** Ends when an apply that begins now has to end, before its lease does. */
export const timeLimit = (parts: PipelineParts): AbortSignal => AbortSignal.timeout(parts.settings.applyMs);

/** @throws not_home in a region that may not write */
export const newLease = async (parts: PipelineParts): Promise<Lease> => ({
  ...(parts.home === undefined ? {} : { epoch: await parts.home.permit() }),
  id: randomUUID(),
  owner: parts.settings.instanceId,
  until: new Date(parts.now().getTime() + parts.settings.applyMs + LEASE_MARGIN_MS).toISOString(),
});

/** When claims of this lease count as absent, in epoch seconds. */
export const claimsEnd = ({ until }: Lease): number => Math.ceil(Date.parse(until) / 1000) + CLAIM_MARGIN_SECONDS;

/** @throws conflict when the home region moved since the lease was taken, even if it moved back */
export const checkEpoch = async (parts: PipelineParts, { epoch }: Lease): Promise<void> => {
  if (parts.home === undefined || (await parts.home.permit()) === epoch) return;
  throw new CountersignError('conflict', 'The home region moved since this was begun; another task goes on with it.');
};

/** Whether a task may still be working under this lease. */
export const isHeld = (parts: PipelineParts, lease: Operation['lease']): boolean => {
  // Taken after a move that has not reached this region yet: this one is no longer the home, whatever the clock says.
  if (parts.home !== undefined && (lease?.epoch ?? 0) > parts.home.seen.epoch) return true;
  if (lease === undefined || Date.parse(lease.until) <= parts.now().getTime()) return false;
  // In the only process there is, a lease of another instance is one of a process that died.
  return !parts.settings.onlyInstance || lease.owner === parts.settings.instanceId;
};

/** Ends the wait when the signal aborts, also for work that does not listen to it. @throws timeout */
export const within = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () =>
      reject(
        new CountersignError(
          'timeout',
          'The change took too long and was interrupted. It is gone on with by itself; look at the operation again in a few minutes.',
        ),
      );
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** How often the clock on the wall is looked at. */
const LOOK_MS = 1000;

/**
 * The signal, also aborted when the lease is over by the clock on the wall: the timers of a process that was frozen, as
 * a Lambda function is between requests, do not know how long that was.
 */
export const whileHeld = async <T>(
  parts: PipelineParts,
  lease: Lease,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const over = new AbortController();
  const look = setInterval(() => {
    if (Date.parse(lease.until) <= parts.now().getTime()) over.abort();
  }, LOOK_MS).unref();
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } finally {
    clearInterval(look);
  }
};
