/** What changes of silences, rules and routes have in common: each is about one stored document. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { Change } from '../../../mcp/tool.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';

/** Of one document, which belongs to the service and to no account. */
export const changeOf = (
  about: Pick<ResourceChange, 'resourceId' | 'label' | 'kind' | 'before' | 'after'> & { readonly context?: State },
): ResourceChange => ({ ...about, accountId: '' });

export const planOf = (
  summary: string,
  change: ResourceChange,
  told: Partial<Pick<Plan, 'impact' | 'warnings'>> = {},
): Plan => ({
  summary,
  changes: [change],
  impact: told.impact ?? [],
  warnings: told.warnings ?? [],
  reversible: { possible: true },
  cost: { apiCalls: 0, usd: 0 },
});

/** The members that a change is about, as they are; null where there is no such document. */
export const storedState = (whole: State, { before }: Pick<ResourceChange, 'before'>): State =>
  Object.fromEntries(Object.keys(before).map((key) => [key, whole[key] ?? null]));

export const applied = ({ resourceId }: ResourceChange): ChangeOutcome => ({ resourceId, outcome: 'applied' });

/** Somebody else wrote in between: nothing was written. */
export const movedMeanwhile = ({ resourceId }: ResourceChange): ChangeOutcome => ({
  ...{ resourceId, outcome: 'failed', code: 'state_changed' },
  message: 'It was changed by others at the same time. Nothing was written. Ask for the change again.',
});

/**
 * Somebody else was first. Where it is planned again, because it moved since, the operation ends with that: the pipeline takes a
 * conflict for something that passes.
 */
export const outrun = (
  { operationId }: Pick<CallContext, 'operationId'>,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): CountersignError =>
  new CountersignError(operationId === undefined ? 'conflict' : 'state_changed', message, { details });

/** Who asks, for what is kept of a change. */
export const callerOf = ({
  caller,
}: Pick<CallContext, 'caller'>): { readonly email: string; readonly personId: string } => ({
  email: caller.email || caller.personId,
  personId: caller.personId,
});

interface StoredSteps {
  /** The whole document as it is now. */
  state(change: ResourceChange): Promise<State>;
  write(change: ResourceChange): Promise<ChangeOutcome>;
  /** Once something was written: what it means for others. */
  afterwards(): Promise<void>;
}

/** Steps of the pipeline for documents. Every one of them takes a second person: ADR 70 says why. */
export const storedSteps = ({ state, write, afterwards }: StoredSteps) =>
  ({
    approveScope: 'alerts:approve',
    read: async (changes) =>
      new Map(
        await Promise.all(
          changes.map(async (change) => [change.resourceId, storedState(await state(change), change)] as const),
        ),
      ),
    apply: async (changes) => {
      const outcomes = await Promise.all(changes.map(write));
      await afterwards();
      return outcomes;
    },
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    countersign: () => 'second-person',
    policyVersion: async () => 'alerts',
  }) satisfies Pick<Change, 'approveScope' | 'read' | 'apply' | 'revert' | 'countersign' | 'policyVersion'>;
