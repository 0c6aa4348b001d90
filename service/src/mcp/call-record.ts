/** A call as it came, what became known of it on its way, and the audit record of both. */
import { eventFrom } from '../audit/event.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { Caller } from '../auth/caller.ts';
import type { Belief, CallContext } from '../call.ts';
import type { CountersignError } from '../errors.ts';
import type { RequestOrigin } from '../origin.ts';
import { auditable } from './auditable.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** One call as a protocol hands it over. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly progress: CallContext['progress'];
  readonly origin: RequestOrigin;
}

/** What is known of a call so far, for its audit record. */
export interface Trace {
  readonly entry: CatalogueEntry;
  readonly beliefs: Belief[];
  input: Record<string, unknown> | undefined;
  action: AuditEvent['action'];
  /** What it was believed to mean. */
  intent?: AuditEvent['intent'];
  /** What the reviewer said of it, where it ran without a question. */
  review?: Readonly<Record<string, string | number>>;
  /** The pipeline has written this call's record already. */
  audited: boolean;
}

/** Refused for who or how much, not for what. */
export const blocked = (failure: CountersignError): boolean =>
  failure.status === 403 || failure.status === 429 || failure.status === 422;

/** What it was believed to mean: as it was asked and confirmed, or what was assumed without a question. */
const believed = ({ intent, beliefs, input }: Trace): Pick<AuditEvent, 'intent'> => {
  if (intent !== undefined) return { intent };
  if (beliefs.length === 0) return {};
  const told = beliefs.map(auditable.belief);
  return {
    intent: {
      originalRequest: null,
      inferred: auditable.json(input ?? {}),
      assumptions: told.map(({ parameter, because }) => `${parameter}: ${because}`),
      alternatives: told.flatMap(({ parameter, alternatives }) =>
        alternatives === undefined ? [] : [{ parameter, values: alternatives }],
      ),
      decision: 'auto',
    },
  };
};

const told = ({ review }: Trace) => (review === undefined ? {} : { review });

/** Who asks for what. */
const askedBy = (caller: Caller, { entry: { tool }, input, action }: Trace) => {
  const accounts = new Set(input === undefined ? [] : tool.accounts(input).map(({ accountId }) => accountId));
  const [account] = accounts;
  return {
    userId: caller.personId,
    tool: tool.name,
    action,
    clientId: caller.clientId,
    ...(accounts.size === 1 && account !== undefined ? { accountId: account } : {}),
    parameters: auditable.json(input ?? {}),
  };
};

/** The record without which an act does not begin. Its outcome has the same correlation id. */
export const startOf = ({ caller, origin }: Pick<CallContext, 'caller' | 'origin'>, trace: Trace): AuditEvent =>
  eventFrom(origin, { ...askedBy(caller, trace), result: 'started' });

/** The record of a call that was answered or refused. */
export const recordOf = (
  call: ToolCall,
  trace: Trace,
  started: number,
  outcome: { structured: Record<string, unknown> } | { failure: CountersignError },
): AuditEvent => {
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  return eventFrom(call.origin, {
    ...askedBy(call.caller, trace),
    result: failure === undefined ? 'success' : blocked(failure) ? 'blocked' : 'failure',
    durationMs: Math.round(performance.now() - started),
    ...('structured' in outcome ? { summary: auditable.summary({ ...outcome.structured, ...told(trace) }) } : {}),
    ...(failure === undefined ? {} : { errorCode: failure.code, errorMessage: failure.message }),
    ...(trace.beliefs.length === 0 ? {} : { beliefs: trace.beliefs.map(auditable.belief) }),
    ...believed(trace),
  });
};
