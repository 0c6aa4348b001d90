/**
 * The optional reviewer: looks at a call before it runs and says how risky it is. Rules first, then a model where the operator names
 * one. It can only ask for more approval than there would be without it, never for less: a high risk, or a review that failed, is
 * for a person. What the model says is text from outside.
 */
import { z } from 'zod';
import type { Audit } from '../../audit/port.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Caller } from '../../auth/caller.ts';
import { exceeds, type Money } from '../../measures/money.ts';
import type { Plan } from '../../operations/plan.ts';
import type { Upstream } from '../../ports/upstream.ts';
import { clean } from '../../untrusted.ts';
import { auditable } from '../auditable.ts';
import type { Estimate } from '../tool.ts';

const risks = ['low', 'medium', 'high'] as const;
export type Risk = (typeof risks)[number];

export interface Review {
  readonly risk: Risk;
  /** 0..1: how far the reviewer trusts itself. */
  readonly confidence: number;
  /** For the person, one sentence each. Text of a model is cleaned. */
  readonly reasons: readonly string[];
  /** What it rests on. */
  readonly by: 'rules' | 'rules and model';
}

/** What is looked at. */
export interface Reviewed {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly estimate?: Estimate | undefined;
  readonly plan?: Plan | undefined;
  readonly signal: AbortSignal;
}

/**
 * @example
 * const { risk, reasons } = await reviewer.review({ tool: 'scan', input, caller, estimate, signal });
 */
export interface Reviewer {
  /** Never throws: what cannot be reviewed is of high risk. */
  review(reviewed: Reviewed): Promise<Review>;
}

type History = readonly Pick<AuditRecord, 'action' | 'result' | 'summary' | 'timestamp'>[];

/** One thing that raises the risk. */
interface Finding {
  readonly risk: Risk;
  readonly reason: string;
}

export interface ReviewLimits {
  /** As for questions: what is close to a limit is worth a look. */
  readonly maxCharges: readonly Money[];
}

const worst = (all: readonly Risk[]): Risk => risks.findLast((risk) => all.includes(risk)) ?? 'low';

/** A plan of which most is expected to fail, or that cannot be taken back, is hardly what was meant. */
const byPolicy = ({ plan }: Reviewed): Finding[] => {
  if (plan === undefined) return [];
  const failing = plan.changes.filter(({ wouldFail }) => wouldFail !== undefined).length;
  return [
    ...(failing > plan.changes.length / 2
      ? [{ risk: 'high', reason: `${failing} of ${plan.changes.length} changes are expected to fail.` } as const]
      : []),
    ...(plan.reversible.possible ? [] : [{ risk: 'high', reason: 'It cannot be taken back.' } as const]),
  ];
};

const byCost = ({ estimate }: Reviewed, { maxCharges }: ReviewLimits): Finding[] =>
  estimate !== undefined && exceeds(estimate.charges, maxCharges)
    ? [{ risk: 'high', reason: 'Its upstream requests are charged at more than the limit.' }]
    : [];

/** Times as much as the person usually asks for that is a creep of scope, and runs that tell what is usual. */
const CREEP = 5;
const USUAL_RUNS = 3;

const sizeOf = ({ summary }: History[number]): number | undefined => {
  const { total_resources: total, changes } = Object(summary);
  return [total, changes].find((each) => typeof each === 'number');
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const byScope = ({ estimate, plan }: Reviewed, history: History): Finding[] => {
  const sizes = history.map(sizeOf).filter((size) => size !== undefined);
  const size = plan?.changes.length ?? estimate?.resources ?? 0;
  const usual = median(sizes);
  return sizes.length >= USUAL_RUNS && usual > 0 && size > CREEP * usual
    ? [{ risk: 'high', reason: `It is about ${size} resources; this person’s calls of it were about ${usual}.` }]
    : [];
};

/** Calls of the last hour that were refused or denied. */
const HOUR_MS = 3_600_000;
const byHistory = (history: History, now: Date): Finding[] => {
  const recent = history.filter(({ timestamp }) => now.getTime() - Date.parse(timestamp) < HOUR_MS);
  const refused = recent.filter(
    ({ action, result }) => action === 'deny' || result === 'blocked' || result === 'failure',
  );
  if (refused.length < USUAL_RUNS) return [];
  return [{ risk: 'medium', reason: `${refused.length} calls like it were refused or failed within the last hour.` }];
};

/** What the rules say. Pure. */
export const reviewByRules = (reviewed: Reviewed, limits: ReviewLimits, history: History, now: Date): Review => {
  const findings = [
    ...byPolicy(reviewed),
    ...byCost(reviewed, limits),
    ...byScope(reviewed, history),
    ...byHistory(history, now),
  ];
  return {
    risk: worst(findings.map(({ risk }) => risk)),
    confidence: history.length >= USUAL_RUNS ? 0.9 : 0.5,
    reasons: findings.map(({ reason }) => reason),
    by: 'rules',
  };
};

const Answer = z.object({
  risk: z.enum(risks),
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()).max(20).default([]),
});

/** A model that is less sure of itself has not reviewed it. */
const LEAST_CONFIDENCE = 0.5;
const MODEL_MS = 10_000;

const failed = (review: Review, reason: string): Review => ({
  ...review,
  risk: 'high',
  confidence: 0,
  reasons: [...review.reasons, reason],
  by: 'rules and model',
});

const askModel = async (model: Upstream, reviewed: Reviewed, rules: Review): Promise<Review> => {
  const { tool, input, estimate, plan, signal } = reviewed;
  const answer = await model.call({
    method: 'POST',
    path: '/review',
    body: {
      operation: tool,
      parameters: auditable.json(input),
      estimated_resources: plan?.changes.length ?? estimate?.resources ?? null,
      summary: plan?.summary ?? null,
      rules: { risk: rules.risk, reasons: rules.reasons },
    },
    // Asking again changes nothing.
    reads: true,
    withinMs: MODEL_MS,
    signal,
  });
  if (!answer.ok) return failed(rules, 'The reviewing model refused to answer.');
  const said = answer.json(Answer);
  if (said.confidence < LEAST_CONFIDENCE) return failed(rules, 'The reviewing model is not sure.');
  return {
    risk: worst([rules.risk, said.risk]),
    confidence: Math.min(rules.confidence, said.confidence),
    reasons: [...rules.reasons, ...said.reasons.map((reason) => `The reviewing model says: ${clean(reason, 200)}`)],
    by: 'rules and model',
  };
};

const HISTORY = 20;

export const createReviewer = ({
  audit,
  limits,
  model,
  now,
}: {
  readonly audit: Pick<Audit, 'query'>;
  readonly limits: ReviewLimits;
  /** Absent: rules alone. */
  readonly model?: Upstream | undefined;
  readonly now: () => Date;
}): Reviewer => ({
  review: async (reviewed) => {
    let rules: Review = { risk: 'high', confidence: 0, reasons: [], by: 'rules' };
    try {
      const { tool, caller } = reviewed;
      const { items } = await audit.query({ userId: caller.personId, tool, limit: HISTORY });
      rules = reviewByRules(reviewed, limits, items, now());
    } catch {
      return { ...rules, reasons: ['What this person asked for before could not be read.'] };
    }
    if (model === undefined) return rules;
    return askModel(model, reviewed, rules).catch(() => failed(rules, 'The reviewing model did not answer.'));
  },
});
