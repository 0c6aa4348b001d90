/** What the pipeline is made of, and the one way an operation moves. */
import type { Logger } from 'pino';
import type { AccountGate } from '../accounts/gate.ts';
import { eventFrom, type Happened } from '../audit/event.ts';
import type { Audit, Together } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import type { HomeWatch } from '../home/home.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ChangeSteps } from './change.ts';
import type { ByTool } from './checks.ts';
import type { ApprovalHashes } from './hash.ts';
import type { InPerson } from './in-person.ts';
import { notServed, type Operation, type Status, transitions } from './operation.ts';
import type { Outbox } from './outbox.ts';
import { followWaiting, type Turns } from './places.ts';
import type { Sight } from './sight.ts';
import { allOf, type OperationStore } from './store.ts';

export interface PipelineSettings {
  /** Hours an operation waits for a countersignature. */
  readonly approvalHours: number;
  /** Seconds it waits for its requester's confirmation. */
  readonly confirmSeconds: number;
  readonly byTool: ByTool;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  /** Answers one person may give in a minute through tools and the REST facade. */
  readonly decisionsPerMinute: number;
  /** Most resources of one operation. */
  readonly maxChanges: number;
  /** This process; leases carry it. */
  readonly instanceId: string;
  /** True where no other process can use the same store, so a lease left behind is nobody's. */
  readonly onlyInstance: boolean;
  /** Operations that one person may have waiting through one client, and through all. */
  readonly waitingPerClient: number;
  readonly waitingPerPerson: number;
  /** Longest time one apply may take, in milliseconds. */
  readonly applyMs: number;
  /** Longest time an approved operation waits at once for another one on the same resources, in milliseconds. */
  readonly claimWaitMs: number;
}

export interface PipelineParts {
  readonly store: OperationStore;
  readonly audit: Audit;
  readonly ephemeral: Pick<Ephemeral, 'count'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** The tool an operation was made by, if its pack is served. */
  readonly changes: (tool: string) => ChangeSteps | undefined;
  readonly hashes: ApprovalHashes;
  /** Asked for the accounts of every plan: before it is kept, and again before anything is written. */
  readonly accounts: Pick<AccountGate, 'allowPlan'>;
  readonly sight: Sight;
  /** Operations that need their requester. Default: none do. */
  readonly inPerson?: InPerson;
  /** Made once for each process: see waiting.ts. */
  readonly turns: Turns;
  readonly settings: PipelineSettings;
  /** Where the service is one of several regions': whether this one may write. */
  readonly home?: Pick<HomeWatch, 'permit' | 'seen'> | undefined;
  readonly outbox: Outbox;
}

/** The tool behind an operation. @throws pack_disabled when its pack is off */
export const stepsOf = (parts: PipelineParts, { tool }: Pick<Operation, 'tool'>): ChangeSteps => {
  const steps = parts.changes(tool);
  if (steps) return steps;
  const { code, message } = notServed(tool);
  throw new CountersignError(code, message);
};

type Moved = Partial<Omit<Operation, 'operationId' | 'version' | 'status' | 'updatedAt'>>;

/**
 * Moves an operation along the state machine with one conditional write. With an event, the audit record and the move
 * are one transaction: a success is in the log exactly if it happened. What is `beside` them is in it too, and so is the
 * order to tell people of it.
 * @throws conflict when another task moved it first; then nothing is written, no record either
 */
export const move = async (
  parts: PipelineParts,
  from: Operation,
  to: Status,
  changed: Moved = {},
  event?: AuditEvent,
  ...beside: readonly Together[]
): Promise<Operation> => {
  const allowed: readonly Status[] = transitions[from.status];
  if (!allowed.includes(to)) throw new Error(`No operation goes from ${from.status} to ${to}`);
  const next: Operation = {
    ...from,
    ...changed,
    status: to,
    version: from.version + 1,
    updatedAt: parts.now().toISOString(),
  };
  const told = parts.outbox.of(from.status, next);
  const together = allOf(parts.store.replacing(next, from.version), told, ...beside);
  const moved =
    event === undefined
      ? await parts.store.transact(together.writes)
      : (await parts.audit.appendWith(event, together)) !== undefined;
  if (!moved)
    throw new CountersignError(
      'conflict',
      `Operation ${from.operationId} was just moved by somebody else. Look at it again.`,
    );
  parts.outbox.wake();
  await followWaiting(parts, from, next);
  parts.metrics.count('OperationTransitions', { Status: to });
  return next;
};

/** An audit event of an operation; the partition is the person who acts. */
export const eventOf = (
  operation: Operation,
  actor: { readonly personId: string; readonly clientId?: string },
  event: Pick<Happened, 'action' | 'result'> & Partial<Happened>,
  { origin }: Pick<CallContext, 'origin'>,
): AuditEvent => {
  const accounts = new Set(operation.plan.changes.map((change) => change.accountId));
  const [account] = accounts;
  return eventFrom(origin, {
    userId: actor.personId,
    tool: operation.tool,
    operationId: operation.operationId,
    ...(accounts.size === 1 && account ? { accountId: account } : {}),
    ...(actor.clientId === undefined ? {} : { clientId: actor.clientId }),
    ...event,
  });
};

/** What carrying out a decision needs of a call. The pipeline makes the signal: it owns the time an apply may take. */
export type DecisionContext = Omit<CallContext, 'signal'>;

/** The context of work done on behalf of an operation while nobody is calling: after a restart, on a timer. */
export const contextOf = (parts: PipelineParts, operation: Operation): DecisionContext => ({
  caller: {
    ...operation.requester,
    roles: [],
    grantId: '',
    scopes: new Set(),
    authenticatedAt: 0,
    expiresAt: 0,
  },
  origin: { kind: 'upkeep', correlationId: operation.correlationId },
  operationId: operation.operationId,
  progress: async () => {},
  log: parts.log.child({ operationId: operation.operationId, correlationId: operation.correlationId }),
  now: parts.now,
  assume: () => {},
});
