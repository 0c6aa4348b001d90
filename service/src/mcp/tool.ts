/**
 * What a tool is. There are four kinds and the type says which: a query reads; a change is planned, countersigned,
 * applied and reverted by the pipeline, which alone calls `apply`; an act does something small at once, between two audit
 * records; a decision moves an operation along the pipeline, or a request for access to an account, and writes its own audit
 * record.
 */
import type { z } from 'zod';
import type { ToolName } from '../../../contracts/packs/index.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { AccountUse } from '../accounts/gate.ts';
import type { Caller } from '../auth/caller.ts';
import type { CallContext } from '../call.ts';
import type { Money } from '../measures/money.ts';
import type { ChangeSteps } from '../operations/change.ts';
import type { Operation } from '../operations/operation.ts';
import type { Need } from '../operations/sight.ts';
import type { RefusedPart } from '../operations/submit.ts';
import type { AccountRef } from '../ports/accounts.ts';
import type { Regret } from './safety/regrets.ts';

/** What a call would take, told by dry_run and held against the limits before it runs. No upstream call that costs or changes. */
export interface Estimate {
  readonly resources: number;
  readonly apiCalls: number;
  /** What metered upstream requests are charged at, in any currencies. Empty: free. */
  readonly charges: readonly Money[];
  readonly seconds: number;
  /** Days of the period that the call asks about, where it has one. */
  readonly days?: number;
  /** What it rests on, in words. Default: the call names everything it is about. */
  readonly basis?: string;
}

/** A question to ask before running. The service tells the one with the biggest impact first. */
export interface Ambiguity {
  readonly parameter: string;
  readonly question: string;
  readonly options: readonly {
    readonly value: unknown;
    readonly estimated_resources: number;
    /** Default: whether it is over MAX_RESOURCES_WITHOUT_APPROVAL. */
    readonly requires_approval?: boolean;
  }[];
}

/** The four hints of the specification, all written down. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

type Shape = z.ZodObject;

/** Of a tool whose calls name no upstream account. */
export const noAccounts = (): readonly AccountRef[] => [];

// The functions below are written as methods: their parameters are then compared bivariantly, so that a tool with its
// own input type is a `Tool` without a cast. The catalogue parses the input with the tool's schema before it calls.
interface ToolBase<In extends Shape, Out extends Shape> {
  readonly name: ToolName;
  readonly title: string;
  /** For the model: what it does, when to use it, what comes back. */
  readonly description: string;
  /** Every scope the call needs. */
  readonly scopes: readonly Scope[];
  /** A strict object: an unknown argument is an error. Every field is described. `dry_run` is added by the catalogue. */
  readonly input: In;
  readonly output: Out;
  readonly annotations: Annotations;
  /** Milliseconds until reading or planning is aborted. Default 300,000. Decisions end by the pipeline's limit. */
  readonly timeoutMs?: number;
  /**
   * The upstream accounts that the call names, each as its contract spells it. The service lets it run only when its person
   * may act on all of them. `noAccounts` for a tool whose calls name none.
   */
  accounts(input: z.output<In>): readonly AccountRef[];
  /** What it would take. Tools without one cost nothing upstream. */
  estimate?(input: z.output<In>, context: CallContext): Promise<Estimate>;
  /** What is missing from the call. */
  ambiguities?(input: z.output<In>, context: CallContext): Promise<readonly Ambiguity[]>;
  /** What a person may regret of this call, gravest first: told with the question, before it runs. No upstream call. */
  regrets?(input: z.output<In>, context: CallContext): Promise<readonly Regret[]>;
  /** For a tool whose needs depend on what it is about: the scopes of one call, in place of `scopes`. */
  scopesFor?(args: Readonly<Record<string, unknown>>, caller: Caller): Promise<readonly Scope[]>;
  /** Values for `completion/complete` of one argument, given what was typed so far. */
  complete?(argument: string, typed: string, caller: Caller): Promise<readonly string[]>;
}

export interface Query<In extends Shape = Shape, Out extends Shape = Shape> extends ToolBase<In, Out> {
  readonly kind: 'query';
  run(input: z.output<In>, context: CallContext): Promise<z.input<Out>>;
}

/** What a request that was split led to besides its first operation. */
export interface Besides {
  readonly others: readonly Operation[];
  readonly refused: readonly RefusedPart[];
}

export interface Change<In extends Shape = Shape, Out extends Shape = Shape>
  extends ToolBase<In, Out>,
    ChangeSteps<z.output<In>> {
  readonly kind: 'change';
  readonly name: ToolName;
  /** Why the person wants it, where that argument is not called `reason`. */
  reason?(input: z.output<In>): string | undefined;
  /** The tool's result, from the operation that now exists; of a request in several, the first and what there is besides. */
  present(operation: Operation, besides?: Besides): z.input<Out>;
}

/**
 * A quick change of something that the pack keeps itself, which can be taken back or does no harm: an alarm that somebody
 * acknowledges, a note. Nobody countersigns it, so what reaches an upstream, money or other people's work is a `Change`. The
 * dispatcher records that it starts, and without that record it does not; then what came of it.
 */
export interface Act<In extends Shape = Shape, Out extends Shape = Shape> extends ToolBase<In, Out> {
  readonly kind: 'act';
  /**
   * Does it. Once begun it is carried out though the client hangs up; `context.signal` aborts when its time is up.
   * It is not ended from outside: what it answers or throws is what the audit log says of it.
   */
  run(input: z.output<In>, context: CallContext): Promise<z.input<Out>>;
  /** What it would answer now, for `dry_run`. Reads only. Default: a dry run tells the estimate alone. */
  preview?(input: z.output<In>, context: CallContext): Promise<z.input<Out>>;
}

export interface Decision<In extends Shape = Shape, Out extends Shape = Shape> extends ToolBase<In, Out> {
  readonly kind: 'decision';
  /**
   * For a tool that decides any pack's operation by its `operation_id`: what of the operation's own tool a call needs in
   * place of `scopes`.
   */
  readonly needs?: Need;
  /** The verb of the audit record of a call that is refused before the pipeline sees it. */
  action(input: z.output<In>): 'approve' | 'confirm' | 'deny' | 'plan' | 'write' | 'delete';
  run(input: z.output<In>, context: CallContext): Promise<z.input<Out>>;
}

export type Tool = Query | Change | Act | Decision;

/** What a call does with the accounts that it names. */
export const useOf = ({ kind }: Pick<Tool, 'kind'>): AccountUse =>
  kind === 'change' || kind === 'act' ? 'change' : 'read';

/** What a dry run of a tool tells is known by these. */
export type DryTried = Pick<Tool, 'kind' | 'estimate'> & Partial<Pick<Act, 'preview'>>;

/** Whether a dry run of it tells more than that nothing was done. */
export const saysMoreDry = ({ kind, estimate, preview }: DryTried): boolean =>
  kind === 'change' || estimate !== undefined || preview !== undefined;

export const defineQuery = <In extends Shape, Out extends Shape>(tool: Omit<Query<In, Out>, 'kind'>): Query => ({
  ...tool,
  kind: 'query',
});
export const defineChange = <In extends Shape, Out extends Shape>(tool: Omit<Change<In, Out>, 'kind'>): Change => ({
  ...tool,
  kind: 'change',
});
/**
 * An act: runs at once, between two audit records.
 * @example
 * export const addNote = (pack: NotesPack): Act =>
 *   defineAct({
 *     name: 'add_note',
 *     title: 'Add a note',
 *     description: 'Adds a note to a page, at once. Everybody who may read the page sees it.',
 *     scopes: ['notes:write'],
 *     input: z.strictObject({ page: z.string().describe('Its id'), text: z.string().max(4000).describe('What it says') }),
 *     output: z.object({ note_id: z.string() }),
 *     annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
 *     accounts: noAccounts,
 *     run: async ({ page, text }, { caller }) => ({ note_id: await pack.pages.note(page, text, caller.personId) }),
 *   });
 */
export const defineAct = <In extends Shape, Out extends Shape>(tool: Omit<Act<In, Out>, 'kind'>): Act => ({
  ...tool,
  kind: 'act',
});
export const defineDecision = <In extends Shape, Out extends Shape>(
  tool: Omit<Decision<In, Out>, 'kind'>,
): Decision => ({
  ...tool,
  kind: 'decision',
});
