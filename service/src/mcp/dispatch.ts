/**
 * The way of every tool call, whichever protocol it came by: scopes, arguments, accounts, limits, questions, then the
 * tool; and the audit record without which no answer is given.
 */
import type { Logger } from 'pino';
import { LONGEST_CALL_SECONDS } from '../../../contracts/calls.ts';
import type { LogLine } from '../../../contracts/logs.ts';
import { ownTools } from '../../../contracts/packs/core.ts';
import { missingScopes } from '../../../contracts/scopes.ts';
import type { AccountGate } from '../accounts/gate.ts';
import type { Audit } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import { namedScopes } from '../auth/challenge.ts';
import type { Belief, CallContext } from '../call.ts';
import { CallAuthority } from '../call-authority.ts';
import { CountersignError } from '../errors.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Metrics } from '../ports/metrics.ts';
import { inSpan } from '../ports/tracing.ts';
import { auditable } from './auditable.ts';
import { blocked, recordOf, startOf, type ToolCall, type Trace } from './call-record.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Controls } from './controls.ts';
import type { Cursors, OpenedCursor } from './cursors.ts';
import { type Deadline, openDeadline } from './deadline.ts';
import { dryRun } from './dry-run.ts';
import type { Guards } from './guards.ts';
import type { NeededScopes } from './needed-scopes.ts';
import { endOf, entryOf, outcomeMatches } from './safety/belief-log.ts';
import type { Conversations } from './safety/conversations.ts';
import type { Intent } from './safety/intents.ts';
import { clarify, type QuestionParts } from './safety/questions.ts';
import { reviewPlan } from './safety/review-plan.ts';
import { type Tool, useOf } from './tool.ts';

export interface DispatchParts {
  readonly catalogue: Catalogue;
  readonly needed: NeededScopes;
  /** Names of the packs that are enabled. */
  readonly packs: readonly string[];
  readonly pipeline: Pipeline;
  readonly guards: Guards;
  readonly cursors: Cursors;
  readonly accounts: AccountGate;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  readonly questions: QuestionParts;
  /** Who was asked what a moment ago. */
  readonly conversations: Conversations;
}

export interface ToolResult {
  /** What the tool returned, or a dry run, or a question. Checked against the output schema. */
  readonly structured: Record<string, unknown>;
  readonly beliefs: readonly Belief[];
}

export type Dispatch = (call: ToolCall) => Promise<ToolResult>;

/** Longest time a query or a plan may take by default. What is decided ends by the pipeline's own limit. */
const DEFAULT_TIMEOUT_MS = LONGEST_CALL_SECONDS * 1000;

export const createDispatch =
  (parts: DispatchParts): Dispatch =>
  async (call) => {
    const entry = parts.catalogue.entries.get(call.name);
    if (!entry) return unknownTool(parts, call);
    return traced(call, () => serve(parts, call, entry));
  };

/** One span a call, named as OpenTelemetry's conventions for MCP have it. Arguments stay out of it. */
const traced = <T>({ name, origin: { correlationId } }: ToolCall, work: () => Promise<T>): Promise<T> =>
  inSpan(
    `tools/call ${name}`,
    { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': name, 'countersign.correlation_id': correlationId },
    work,
  );

const serve = async (parts: DispatchParts, call: ToolCall, entry: CatalogueEntry): Promise<ToolResult> => {
  const started = performance.now();
  const beliefs: Belief[] = [];
  const action = entry.tool.kind === 'act' ? 'write' : 'read';
  const trace: Trace = { entry, beliefs, input: undefined, action, audited: false };
  try {
    const structured = await perform(parts, call, trace);
    if (!trace.audited) await parts.audit.append(recordOf(call, trace, started, { structured }));
    tell(parts, call, started, 'success');
    return { structured, beliefs };
  } catch (error) {
    const failure = await translate(parts, call, error);
    if (!failure.recorded) await parts.audit.append(recordOf(call, trace, started, { failure }));
    tell(parts, call, started, blocked(failure) ? 'blocked' : 'error', failure.code.toUpperCase());
    throw failure;
  } finally {
    parts.metrics.observe('ToolDuration', { Tool: call.name }, performance.now() - started);
  }
};

/** Counts the call, and leaves the line that people's questions to the log are answered from. */
const tell = (
  { metrics, log }: DispatchParts,
  call: ToolCall,
  started: number,
  outcome: 'success' | 'error' | 'blocked',
  code?: string,
): void => {
  metrics.count('ToolCalls', { Tool: call.name, Outcome: outcome });
  if (code !== undefined) metrics.count('ToolErrors', { Code: code });
  const line: LogLine<'toolCalled'> = {
    tool: call.name,
    outcome,
    code,
    userId: call.caller.personId,
    correlationId: call.origin.correlationId,
    milliseconds: Math.round(performance.now() - started),
  };
  log.info(line, 'tool called');
};

const perform = async (parts: DispatchParts, call: ToolCall, trace: Trace): Promise<Record<string, unknown>> => {
  const { entry } = trace;
  const { tool } = entry;
  // Routes look first and answer 403 with the challenge; nothing gets past here that they let through.
  const needed = await parts.needed(tool, call.args, call.caller);
  if (missingScopes(call.caller.scopes, needed).length > 0) {
    const required = namedScopes(call.caller, needed, parts.packs).join(' ');
    throw new CountersignError('insufficient_scope', `This needs the scope ${required}.`, {
      details: { required_scope: required },
    });
  }
  const { input: asked, controls } = entry.parse(call.args);
  const page = pageOf(parts, call, asked);
  const input = page === undefined ? asked : { ...asked, cursor: page.cursor };
  trace.input = input;
  await parts.accounts.allow(call.caller, tool.name, tool.accounts(input), useOf(tool));
  const deadline = deadlineOf(tool, call);
  const { signal } = deadline;
  const authority = new CallAuthority({ person: call.caller, tool: tool.name, origin: call.origin });
  const context = { ...contextOf(parts, call, trace, signal), authority };
  try {
    if (controls.dry_run) {
      trace.action = 'dry-run';
      return await dryRun(tool, input, context, parts.accounts);
    }
    await parts.guards.beforeCall(
      call.caller,
      { name: tool.name, mayRepeat: Object.hasOwn(ownTools, tool.name) && tool.kind === 'query' },
      input,
      page?.agreed,
    );
    signal.throwIfAborted();
    const gate = page?.agreed ? {} : await questioned(parts, trace, input, controls, context);
    if (gate.question) return gate.question;
    const output = await runAs(parts, trace, input, context, gate.agreed);
    return withSealedCursor(parts, call, input, page, output);
  } catch (error) {
    if (deadline.passed())
      throw new CountersignError('timeout', `${tool.name} did not finish in time. ${afterTimeout(tool)}`, {
        cause: error,
      });
    if (signal.aborted) throw new CountersignError('cancelled', 'The call was cancelled.', { cause: error });
    throw error;
  } finally {
    authority.end();
    deadline.end();
  }
};

/** What was decided or begun is carried out even if the client hangs up; reading and planning stop. */
const deadlineOf = ({ kind, timeoutMs = DEFAULT_TIMEOUT_MS }: Tool, { signal }: ToolCall): Deadline => {
  if (kind === 'decision') return openDeadline(undefined, undefined);
  return openDeadline(timeoutMs, kind === 'act' ? undefined : signal);
};

const afterTimeout = ({ kind }: Tool): string =>
  kind === 'act'
    ? 'It may have been carried out: look before you repeat it.'
    : 'Ask for less: fewer types, regions or accounts.';

/** The page a call reads on, if it does. @throws invalid_input for a cursor that is not of this question */
const pageOf = (
  { cursors }: DispatchParts,
  { name, caller }: ToolCall,
  input: Record<string, unknown>,
): (OpenedCursor & { readonly since: number }) | undefined =>
  typeof input.cursor === 'string' ? cursors.open(input.cursor, caller, name, input) : undefined;

/** The next page is agreed to for as long as this one: reading on and on never outlives the question. */
const withSealedCursor = (
  { cursors }: DispatchParts,
  { name, caller }: ToolCall,
  input: Record<string, unknown>,
  page: { readonly agreed: boolean; readonly since: number } | undefined,
  output: Record<string, unknown>,
): Record<string, unknown> =>
  typeof output.next_cursor === 'string'
    ? {
        ...output,
        next_cursor: cursors.seal(output.next_cursor, caller, name, input, page?.agreed ? page.since : undefined),
      }
    : output;

/** The question in place of the answer, or the intent that is agreed to. */
interface Gate {
  readonly question?: Record<string, unknown>;
  readonly agreed?: Intent;
}

const questioned = async (
  parts: DispatchParts,
  trace: Trace,
  input: Record<string, unknown>,
  controls: Controls,
  context: CallContext,
): Promise<Gate> => {
  const { tool } = trace.entry;
  const { caller, origin } = context;
  const { intent_id: intentId, approval_token: approvalToken, original_request: words } = controls;
  if (intentId !== undefined || approvalToken !== undefined) {
    const agreed = await parts.questions.intents.redeem({ intentId, approvalToken }, caller, tool.name, input, (late) =>
      record(parts, endOf(late, 'expired', origin)),
    );
    await parts.conversations.answered(caller, tool.name);
    trace.intent = { ...entryOf(agreed), decision: 'confirmed' };
    return { agreed };
  }
  const wasAsked = await parts.conversations.wasAsked(caller, tool.name);
  const asked = await clarify(tool, input, context, parts.questions, {
    wasAsked,
    originalRequest: words ?? null,
    reviewed: ({ risk, confidence, by }) => {
      trace.review = { risk, confidence, by };
    },
  });
  if (asked === undefined) return {};
  trace.intent = { ...entryOf(asked.intent), decision: 'asked' };
  await (asked.answer.ambiguities.length > 0
    ? parts.conversations.asked(caller, tool.name)
    : parts.conversations.answered(caller, tool.name));
  return { question: asked.answer };
};

const record = async ({ audit }: DispatchParts, event: AuditEvent): Promise<void> => {
  await audit.append(event);
};

/** Runs it, and of what somebody agreed to leaves on record whether the outcome is what they were told. */
const runAs = async (
  parts: DispatchParts,
  trace: Trace,
  input: Record<string, unknown>,
  context: CallContext,
  agreed: Intent | undefined,
): Promise<Record<string, unknown>> => {
  const end = async (outcomeMatched: boolean): Promise<void> => {
    if (agreed === undefined) return;
    trace.intent = { ...entryOf(agreed), decision: 'confirmed', outcomeMatched };
    await record(parts, endOf(agreed, 'confirmed', context.origin, { outcomeMatched }));
  };
  try {
    const output = trace.entry.check(await run(parts, trace, input, context));
    await end(agreed === undefined || outcomeMatches(agreed.expected, output));
    return output;
  } catch (error) {
    await end(false);
    throw error;
  }
};

const run = async (
  parts: DispatchParts,
  trace: Trace,
  input: Record<string, unknown>,
  context: CallContext,
): Promise<unknown> => {
  const { tool } = trace.entry;
  if (tool.kind === 'query') return unlessAborted(tool.run(input, context), context.signal);
  if (tool.kind === 'act') {
    await record(parts, startOf(context, trace));
    return tool.run(input, context);
  }
  // From here the pipeline writes the records, each before the step it is about.
  if (tool.kind === 'decision') {
    trace.action = tool.action(input);
    const decided = await tool.run(input, context);
    trace.audited = true;
    return decided;
  }
  trace.action = 'plan';
  const { reason = tool.reason?.(input), idempotency_key: idempotencyKey } = input;
  const { operations, refused } = await parts.pipeline.submitParts(
    tool,
    {
      input,
      reason: typeof reason === 'string' ? reason : undefined,
      idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
      review: (plan) => reviewPlan(parts.questions.reviewer, tool.name, input, plan, context),
    },
    context,
  );
  trace.audited = true;
  const [operation, ...others] = operations;
  return others.length + refused.length === 0 ? tool.present(operation) : tool.present(operation, { others, refused });
};

/** Ends the wait when the signal aborts, also for a tool that does not listen to it. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

const contextOf = (parts: DispatchParts, call: ToolCall, trace: Trace, signal: AbortSignal): CallContext => ({
  caller: call.caller,
  origin: call.origin,
  signal,
  progress: call.progress,
  log: parts.log.child({ tool: call.name, correlationId: call.origin.correlationId }),
  now: parts.now,
  assume: (belief) => trace.beliefs.push(belief),
});

const unknownTool = async (parts: DispatchParts, call: ToolCall): Promise<never> => {
  await parts.guards.unknownTool(call.caller);
  throw new CountersignError('unknown_tool', `There is no tool ${auditable.text(call.name)}. List the tools first.`);
};

/** Errors meant for the caller pass; anything else is logged under an id and answered with a fixed text. */
const translate = async (parts: DispatchParts, call: ToolCall, error: unknown): Promise<CountersignError> => {
  if (error instanceof CountersignError) return error;
  const { correlationId } = call.origin;
  parts.log.error({ err: error, tool: call.name, correlationId }, 'tool failed');
  return new CountersignError('internal_error', `${call.name} failed. Quote ${correlationId} when you report it.`);
};
