/** A person's answer: confirm, approve, deny or withdraw. Refusals are audited like answers are. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import { actingFor } from './acting.ts';
import { answerOf, type DecisionRequest, type Refusal, refusalOf } from './checks.ts';
import { comeToCarryOut, isForRequester } from './come.ts';
import { expire } from './expire.ts';
import { type Approval, type Operation, principalOf, type Status } from './operation.ts';
import { eventOf, move, type PipelineParts } from './parts.ts';
import type { Identity } from './same-human.ts';
import { openSeen } from './seen.ts';
import { replan } from './submit.ts';

export interface DecisionInput {
  readonly operationId: string;
  readonly decision: Approval['decision'];
  readonly comment?: string | undefined;
  /** Only operations of these tools; another's id is unknown. Default any tool. */
  readonly tools?: readonly string[];
  /** The approval hash that was shown with the plan. Approving and confirming need it, wherever they are done. */
  readonly approvalHash?: string | undefined;
  /** What the person typed, where the plan asks for it. */
  readonly typed?: string | undefined;
}

/** Who decides: a caller over MCP or REST, a signed-in person on the page. */
export interface Decider extends Identity {
  readonly name: string;
  readonly clientId?: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Seconds over which answers of one person are counted. */
const PACE_SECONDS = 60;

const statusAfter: Readonly<Record<Approval['decision'], Status>> = {
  approve: 'approved',
  confirm: 'approved',
  deny: 'denied',
  withdraw: 'withdrawn',
};

/** The verb of the audit record; who withdraws denies what they asked for themselves. */
const actionOf = (decision: Approval['decision']) => (decision === 'withdraw' ? 'deny' : decision);

/** Where the answer was given. @throws Error where nobody can have given one */
const answeredVia = ({ origin }: Pick<CallContext, 'origin'>): Approval['via'] => {
  if (origin.kind === 'upkeep' || origin.via === 'oauth' || origin.via === 'webhook')
    throw new Error('only a person who called a tool, the facade or a page decides');
  return origin.via;
};

/**
 * Takes a decision. Applying what was agreed to is not part of it.
 * @throws not_found, or the code of the check that refused it
 */
export const decide = async (
  parts: PipelineParts,
  input: DecisionInput,
  by: Decider,
  context: CallContext,
): Promise<Operation> => {
  const { tools } = input;
  const operation = await openSeen(parts.store, parts.sight, by).get(input.operationId);
  if (operation === undefined || tools?.includes(operation.tool) === false)
    throw new CountersignError('not_found', `operation_id: there is no operation ${input.operationId}.`);
  const given = { ...input, decision: answerOf(operation, input.decision, by) };
  const via = answeredVia(context);
  if (given.decision === 'confirm' && isForRequester(parts, operation))
    return comeToCarryOut(parts, await requestOf(parts, operation, given, by, via), by, context);
  const refusal =
    refusalOf(await requestOf(parts, operation, given, by, via)) ?? (await tooFast(parts, given, by, via));
  if (refusal) return refuse(parts, operation, given, by, refusal, context);
  try {
    return await take(parts, operation, given, by, context);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'conflict') throw error;
    return lost(parts, operation, given, by, error, context);
  }
};

const requestOf = async (
  parts: PipelineParts,
  operation: Operation,
  { decision, approvalHash, comment, typed }: DecisionInput,
  by: Decider,
  via: Approval['via'],
): Promise<DecisionRequest> => ({
  operation,
  writeScope: parts.sight.scopeOf(operation, 'write'),
  integrity: parts.hashes.integrity(operation),
  decision,
  by,
  via,
  shownHash: approvalHash,
  comment,
  typed,
  policyVersion: await parts.changes(operation.tool)?.policyVersion(),
  now: parts.now(),
  byTool: parts.settings.byTool,
  withoutEmail: parts.settings.approveWithoutEmail,
});

/** An agent that answers one plan after another reads none of them. On the page it is a person who presses the button. */
const tooFast = async (parts: PipelineParts, { decision }: DecisionInput, by: Decider, via: Approval['via']) => {
  if (via === 'page' || decision === 'withdraw') return undefined;
  const { decisionsPerMinute } = parts.settings;
  const { count, resetSeconds } = await parts.ephemeral.count(`decisions|${by.personId}`, PACE_SECONDS);
  if (count <= decisionsPerMinute) return undefined;
  return {
    code: 'rate_limited',
    message: `Through tools and the REST facade one person answers at most ${decisionsPerMinute} operations a minute, so that each plan can be read. Wait ${resetSeconds} seconds, or answer on the approvals page.`,
    details: { retry_after_seconds: resetSeconds },
  } as const;
};

/** The write and the record of its success are one transaction: whoever loses a race leaves no success behind. */
const take = (
  parts: PipelineParts,
  operation: Operation,
  { decision, comment: words }: DecisionInput,
  by: Decider,
  context: CallContext,
): Promise<Operation> => {
  const via = answeredVia(context);
  const comment = words?.trim() || undefined;
  const { approvalHash } = operation;
  const approval: Approval = {
    by: principalOf(by),
    decision,
    ...(comment === undefined ? {} : { comment }),
    at: parts.now().toISOString(),
    via,
    approvalHash,
  };
  const { typed } = operation.plan;
  const to = statusAfter[decision];
  const answer = { decision, via, comment: comment ?? null, approvalHash };
  const summary = to === 'approved' && typed !== undefined ? { ...answer, typed: typed.text } : answer;
  const event = { action: actionOf(decision), result: 'success', summary } as const;
  const changed = {
    approvals: [...operation.approvals, parts.hashes.sealed(operation.operationId, approval)],
    ...(to === 'approved' || comment === undefined ? {} : { note: comment }),
  };
  return move(parts, operation, to, changed, eventOf(operation, by, event, context));
};

/** Somebody else moved the operation first: the answer is refused for how it stands now. */
const lost = async (
  parts: PipelineParts,
  operation: Operation,
  input: DecisionInput,
  by: Decider,
  conflict: CountersignError,
  context: CallContext,
): Promise<never> => {
  const now = (await parts.store.get(operation.operationId)) ?? operation;
  const refusal = refusalOf(await requestOf(parts, now, input, by, answeredVia(context))) ?? conflict;
  return refuse(parts, now, input, by, refusal, context);
};

const refuse = async (
  parts: PipelineParts,
  operation: Operation,
  input: DecisionInput,
  by: Decider,
  refusal: Refusal,
  context: CallContext,
): Promise<never> => {
  const { code, message, details } = refusal;
  const event = {
    action: actionOf(input.decision),
    result: 'blocked',
    errorCode: code,
    errorMessage: message,
  } as const;
  await parts.audit.append(eventOf(operation, by, event, context));
  try {
    if (code === 'request_expired' && operation.status !== 'expired') await expire(parts, operation);
    // As who asked for it: whoever decides lends the plan neither name nor credentials.
    if (refusal.anew)
      await soon(actingFor(parts, operation, context.origin, (acting) => replan(parts, operation, message, acting)));
    if (refusal.spoilt) await poison(parts, operation, message);
  } catch (error) {
    // Somebody was quicker, or upkeep does it later; the refusal is what this caller is to read.
    if (!(error instanceof CountersignError)) throw error;
  }
  throw new CountersignError(code, message, {
    recorded: true,
    details: { ...details, operation_id: operation.operationId },
  });
};

/** Milliseconds a refusal waits for the plan that is made anew: the upstream may take as long as it likes. */
const ANEW_MS = 2_000;

/** Resolves with the work, or when its time is up; then the work goes on, and upkeep looks after what becomes of it. */
const soon = async (work: Promise<unknown>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ANEW_MS).unref();
  work.catch(() => {});
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
};

/** A record that no longer hashes to what was planned is never offered again. */
const poison = (parts: PipelineParts, operation: Operation, note: string): Promise<Operation> =>
  move(parts, operation, 'denied', { note });
