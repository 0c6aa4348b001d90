/**
 * Applies what was agreed to, apart from the call that agreed: no answer waits for an upstream. What this task does not
 * finish, because it is stopped or the upstream fails, stays approved or leased and is taken up by resume.ts.
 */
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { actingFor } from './acting.ts';
import { apply } from './apply.ts';
import type { Operation } from './operation.ts';
import type { PipelineParts } from './parts.ts';

interface Running {
  /** Resolves when the apply ended, however it ended: with the refusal, where a credential was missing or refused. */
  readonly ended: Promise<CountersignError | undefined>;
  /** Whether the call that agreed still waits, and so can be told how far it is. */
  listened: boolean;
}

export interface CarryOut {
  /** Begins to apply. Returns at once and never rejects: what went wrong is logged, and left to resume. */
  begin(operation: Operation, context: CallContext): void;
  /**
   * Resolves when the apply of this operation in this task has ended, at most after `milliseconds`.
   * @returns why it stopped, where a credential was missing or refused
   */
  wait(operationId: string, milliseconds: number): Promise<CountersignError | undefined>;
  /** Operations this task is applying. */
  running(): readonly string[];
  /** Resolves when it applies none, or none but those in `except`, at most after `milliseconds`. */
  idle(milliseconds: number, except?: readonly string[]): Promise<void>;
}

/** Resolves with the work, at most after `milliseconds`. The timer keeps no process alive. */
export const atMost = async <T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds).unref();
  const first = await Promise.race([work, promise]);
  clearTimeout(timer);
  return first;
};

export const openCarryOut = (parts: PipelineParts): CarryOut => {
  const running = new Map<string, Running>();

  const carry = async (
    operation: Operation,
    origin: Origin,
    progress: CallContext['progress'],
  ): Promise<CountersignError | undefined> => {
    try {
      await actingFor(parts, operation, origin, (context) =>
        apply(parts, operation, { ...context, progress }, parts.settings.claimWaitMs),
      );
    } catch (error) {
      const { operationId } = operation;
      const known = error instanceof CountersignError ? error : undefined;
      // Another task has it: nothing is lost. Anything else leaves it where resume finds it.
      if (known?.code === 'conflict') return undefined;
      if (known?.code === 'credentials_required') {
        parts.log.info({ operationId, code: known.code }, 'operation waits for credentials');
        return known;
      }
      parts.log.error({ err: error, operationId }, 'operation not applied yet; it will be tried again');
    }
    return undefined;
  };

  return {
    begin(operation, { origin, progress }) {
      const { operationId } = operation;
      // Asked for twice at once.
      if (running.has(operationId)) return;
      const told = async (...step: Parameters<typeof progress>) => {
        if (running.get(operationId)?.listened) await progress(...step).catch(() => {});
      };
      const ended = carry(operation, origin, told).finally(() => running.delete(operationId));
      running.set(operationId, { ended, listened: true });
    },
    async wait(operationId, milliseconds) {
      const found = running.get(operationId);
      if (found === undefined) return undefined;
      const refused = await atMost(found.ended, milliseconds);
      found.listened = false;
      return refused;
    },
    running: () => [...running.keys()],
    async idle(milliseconds, except = []) {
      const awaited = [...running].filter(([operationId]) => !except.includes(operationId));
      await atMost(Promise.all(awaited.map(([, { ended }]) => ended)), milliseconds);
    },
  };
};
