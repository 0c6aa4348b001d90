/**
 * What the service believed that a call meant, and what became of it: who asked in which words, what was inferred and assumed, what
 * else it could have meant, how it was decided, and whether the outcome was as expected. It is kept in the audit log, in the chain and
 * in its exports; `get_audit_log` with `beliefs` reads it. All records of one intent have the correlation id of the question.
 */
import { eventFrom } from '../../audit/event.ts';
import type { AuditEvent } from '../../audit/record.ts';
import type { Origin } from '../../origin.ts';
import type { Intent } from './intents.ts';

export type BeliefEntry = NonNullable<AuditEvent['intent']>;

/** Of an intent: what was asked, without how it was decided. */
export const entryOf = (intent: Intent): Omit<BeliefEntry, 'decision'> => ({
  intentId: intent.intentId,
  originalRequest: intent.originalRequest,
  inferred: intent.inferred,
  assumptions: intent.assumptions,
  alternatives: intent.alternatives,
});

const actions = { confirmed: 'confirm', rejected: 'deny', expired: 'expire' } as const;

/** The record of how an intent ended, beside that of the question. */
export const endOf = (
  intent: Intent,
  decision: keyof typeof actions,
  origin: Origin,
  more: Pick<BeliefEntry, 'because' | 'outcomeMatched'> = {},
): AuditEvent =>
  eventFrom(origin, {
    userId: intent.userId,
    tool: intent.tool,
    action: actions[decision],
    result: 'success',
    clientId: intent.clientId,
    correlationId: intent.correlationId,
    intent: { ...entryOf(intent), decision, ...more },
  });

/** Resources by which an outcome may differ from what was told before, in ratio and in number. */
const TOLERANCE = 0.2;
const TOLERATED = 10;

/**
 * Whether what was done is what was agreed to: it did not fail, and read about as many resources as was told. Of a tool that does not
 * count them, only the first is known.
 */
export const outcomeMatches = (expected: Intent['expected'], output: Readonly<Record<string, unknown>>): boolean => {
  const actual = output.total_resources ?? output.resources_affected;
  if (typeof actual !== 'number') return true;
  return Math.abs(actual - expected.resources) <= Math.max(TOLERATED, TOLERANCE * expected.resources);
};
