/** What the pipeline needs of a tool that changes something. Tools implement it (mcp/tool.ts); the pipeline alone calls it. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { CallContext } from '../call.ts';
import type { Countersign } from './operation.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from './plan.ts';

// Written as methods: parameters are then compared bivariantly, so a tool with its own input type fits without a cast.
export interface ChangeSteps<Input = Record<string, unknown>> {
  readonly name: string;
  /**
   * The inputs of several operations where one would be too large: each is planned, decided, applied and reverted by itself. No two
   * of them are about one resource. Default: one operation.
   */
  split?(input: Input): readonly Input[];
  /** Says what would change and why it is safe; reads, and never writes. */
  plan(input: Input, context: CallContext): Promise<Plan>;
  /** Reads the state of these resources again, in the shape `plan` put in `before`. Resources that are gone are left out. */
  read(changes: readonly ResourceChange[], context: CallContext): Promise<ReadonlyMap<string, State>>;
  /** Brings each resource from `before` to `after`. One outcome a change; one that fails never hides the others. */
  apply(changes: readonly ResourceChange[], context: CallContext): Promise<readonly ChangeOutcome[]>;
  /**
   * One name for the resource, however the change spells it, the same in every tool that can change it: two operations
   * on it are applied one after the other. Default: the resource id. Case, width and surrounding space never tell
   * resources apart. A name that two resources share only makes them wait for each other.
   */
  resourceKey?(change: ResourceChange): string;
  /** The change that undoes one that was applied, or the reason there is none. */
  revert(change: ResourceChange): ResourceChange | { readonly irreversible: string };
  /** What applying these changes takes, for a revert's plan. Default: what the original took. */
  cost?(changes: readonly ResourceChange[]): Plan['cost'];
  /**
   * What these changes bring now, what to warn of, what has to be typed, and who must agree where that is more than for the original:
   * for a revert's plan. Default: what the original brought, turned round.
   */
  judge?(
    changes: readonly ResourceChange[],
    context: CallContext,
    original: { readonly appliedAt: string },
  ): Promise<
    Pick<Plan, 'impact' | 'warnings' | 'typed' | 'financialImpact' | 'financialReport'> & {
      readonly countersign?: Countersign;
    }
  >;
  /**
   * Who changed these after they were applied, one entry a change, as far as the upstream tells it. For whoever may not take them
   * back any more because of it. Text from outside comes cleaned. Default: it is not told.
   */
  drift?(
    changes: readonly ResourceChange[],
    since: string,
    context: CallContext,
  ): Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** Who must agree, given the arguments and the plan. */
  countersign(input: Input, plan: Plan): Countersign;
  /** Scope the second person needs. */
  readonly approveScope: Scope;
  /** Version of the policy the plan was judged by; an approval is void when it moves. */
  policyVersion(): Promise<string>;
}
