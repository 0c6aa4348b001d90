/** Waiting for what becomes of an operation, on behalf of somebody who may see it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Operation, type Status, waiting } from './operation.ts';

/** Statuses from which an operation goes on: somebody is waited for, or a task is at work. */
const open: ReadonlySet<Status> = new Set<Status>(['planned', 'approved', 'applying', ...waiting]);

export const isOpen = ({ status }: Pick<Operation, 'status'>): boolean => open.has(status);

/** Milliseconds between two looks: any task may decide or apply it, and none tells the others. */
const LOOK_MS = 1000;

export interface Wait {
  /** Reads the operation anew, as its reader may see it. */
  look(): Promise<Operation | undefined>;
  /** Most milliseconds to wait. */
  readonly milliseconds: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Whether there is nothing to wait for, although it is open. Default: never. */
  over?(operation: Operation): boolean;
  /** Whether the service is about to stop: then the wait ends early. */
  stopping(): boolean;
  /** Told each time its status is another than before. */
  onMove(operation: Operation): Promise<void>;
  /** Resolves after so many milliseconds, or rejects when the signal aborts. Default: by the clock. */
  pause?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const byTheClock = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal });
};

/**
 * The operation once it is decided and, if agreed to, applied; or as it stands when the time is up. Undefined where there is
 * none, or none that the reader may see.
 */
export const untilEnded = async (wait: Wait): Promise<Operation | undefined> => {
  const { look, milliseconds, signal, stopping, onMove, pause = byTheClock } = wait;
  const goesOn = (operation: Operation): boolean => isOpen(operation) && wait.over?.(operation) !== true;
  let seen = await look();
  for (let waited = 0; seen && goesOn(seen) && waited < milliseconds && !stopping(); waited += LOOK_MS) {
    await pause(Math.min(LOOK_MS, milliseconds - waited), signal);
    const now = await look();
    if (now && now.status !== seen.status) await onMove(now);
    seen = now;
  }
  return seen;
};
