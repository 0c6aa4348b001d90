/**
 * When a call is questioned before it runs: something is missing, it is bigger than a limit, or the reviewer asks for a person. The
 * question has an intent commit: the call runs only when it is repeated with that.
 */
import type { CallContext } from '../../call.ts';
import { amountAnswer, exceeds, type Money, perCurrency } from '../../measures/money.ts';
import { chargesWords } from '../../measures/words.ts';
import { auditable } from '../auditable.ts';
import { type Clarification, Clarification as ClarificationSchema } from '../controls.ts';
import { scopeOf } from '../dry-run.ts';
import type { Ambiguity, Estimate, Tool } from '../tool.ts';
import type { IntentRecord, Intents, OpenedIntent } from './intents.ts';
import type { Regret, Regrets } from './regrets.ts';
import type { Review, Reviewer } from './reviewer.ts';

export interface QuestionSettings {
  /** Setting CLARIFY. */
  readonly clarify: 'limits' | 'always';
  /** Setting CLARIFY_TOOLS: for these `always` holds whatever CLARIFY says. */
  readonly clarifyTools: readonly string[];
  /** Setting MAX_RESOURCES_WITHOUT_APPROVAL; strictly more is over. */
  readonly maxResources: number;
  /** Of metered upstream requests, one limit per currency; strictly more is over, and so is any charge in another. */
  readonly maxCharges: readonly Money[];
  /** Days of a period that one call may ask for; strictly more is over. */
  readonly maxDays: number;
  /** Setting REGRETS: what an organization wants told besides. */
  readonly ownRegrets: readonly string[];
}

export interface QuestionParts {
  readonly settings: QuestionSettings;
  readonly intents: Intents;
  readonly regrets: Regrets;
  readonly reviewer?: Reviewer | undefined;
}

/** Which limits the estimate is over. */
interface Excess {
  readonly resources: boolean;
  readonly charges: boolean;
  readonly days: boolean;
  /** The reviewer finds it of high risk. */
  readonly review: boolean;
}

export interface Questioned {
  readonly answer: Clarification;
  readonly intent: OpenedIntent;
}

const alwaysAsks = ({ clarify, clarifyTools }: QuestionSettings, tool: Tool): boolean =>
  clarify === 'always' || clarifyTools.includes(tool.name);

/** A query that estimates. Of a change the plan is the commit, and who countersigns it answers. */
export const mayBeQuestioned = ({ kind, estimate }: Pick<Tool, 'kind' | 'estimate'>): boolean =>
  kind === 'query' && estimate !== undefined;

/** How much an answer to it can save. */
const saving = ({ options }: Ambiguity): number => {
  const sizes = options.map((each) => each.estimated_resources);
  return Math.max(0, ...sizes) - Math.min(0, ...sizes);
};

/** The questions, biggest impact first, each option with what it takes. */
const askedAs = (ambiguities: readonly Ambiguity[], estimate: Estimate, settings: QuestionSettings) =>
  ambiguities
    .toSorted((a, b) => saving(b) - saving(a))
    .map(({ parameter, question, options }) => ({
      parameter,
      question,
      options: options.map(({ value, estimated_resources, requires_approval }) => ({
        value: auditable.json(value),
        estimated_resources,
        estimated_time: Math.ceil((estimate.seconds * estimated_resources) / Math.max(1, estimate.resources)),
        requires_approval: requires_approval ?? estimated_resources > settings.maxResources,
      })),
    }));

/** Whether these arguments leave nothing open, where a question was asked a moment ago: then the commit is shown once. */
export interface Turn {
  readonly wasAsked: boolean;
  readonly originalRequest: string | null;
  /** Told what the reviewer says, whether or not it leads to a question. */
  reviewed(review: Review): void;
}

/** The question to ask, or undefined when the call may run. */
export const clarify = async (
  tool: Tool,
  input: Record<string, unknown>,
  context: CallContext,
  parts: QuestionParts,
  turn: Turn,
): Promise<Questioned | undefined> => {
  const { settings, intents } = parts;
  if (!mayBeQuestioned(tool) || !tool.estimate) return undefined;
  const estimate = await tool.estimate(input, context);
  const review = await parts.reviewer?.review({
    ...{ tool: tool.name, input, estimate, caller: context.caller, signal: context.signal },
  });
  if (review) turn.reviewed(review);
  const excess: Excess = {
    resources: estimate.resources > settings.maxResources,
    charges: exceeds(estimate.charges, settings.maxCharges),
    days: (estimate.days ?? 0) > settings.maxDays,
    review: review?.risk === 'high',
  };
  const over = Object.values(excess).includes(true);
  const always = alwaysAsks(settings, tool);
  if (!over && !always) return undefined;
  const ambiguities = (await tool.ambiguities?.(input, context)) ?? [];
  if (!over && ambiguities.length === 0 && !turn.wasAsked) return undefined;
  const asked = askedAs(ambiguities, estimate, settings);
  const regrets = await parts.regrets.ordered(context.caller, [
    ...((await tool.regrets?.(input, context)) ?? []),
    ...regretsOf(excess, estimate, ambiguities.length, settings),
    ...settings.ownRegrets.map((text): Regret => ({ kind: 'own', text })),
  ]);
  const record: Parameters<Intents['open']>[3] = {
    correlationId: context.origin.correlationId,
    originalRequest: turn.originalRequest,
    inferred: auditable.json(input),
    assumptions: ambiguities.map(({ parameter }) => `${parameter}: everything that is allowed`),
    alternatives: asked.map(({ parameter, options }) => ({ parameter, values: options.map(({ value }) => value) })),
    regrets: regrets.map(({ kind }) => kind),
    expected: expectedOf(estimate),
  };
  const intent = await intents.open(context.caller, tool.name, input, record, over);
  return { intent, answer: answerOf(tool, input, { estimate, asked, regrets, review, intent }) };
};

const expectedOf = ({ resources, apiCalls, seconds }: Estimate): IntentRecord['expected'] => ({
  resources,
  apiCalls,
  seconds,
});

interface Told {
  readonly estimate: Estimate;
  readonly asked: ReturnType<typeof askedAs>;
  readonly regrets: readonly Regret[];
  readonly review: Review | undefined;
  readonly intent: OpenedIntent;
}

const answerOf = (
  tool: Tool,
  input: Record<string, unknown>,
  { estimate, asked, regrets, review, intent }: Told,
): Clarification => {
  const basis = estimate.basis === undefined ? '' : ` (${estimate.basis})`;
  const summary = `${tool.title} over about ${estimate.resources} resources${basis}.`;
  const { approvalToken } = intent;
  return ClarificationSchema.parse({
    clarification_needed: true,
    ambiguities: asked,
    intent_commit: {
      intent_id: intent.intentId,
      operation: tool.name,
      parameters: auditable.json(input),
      estimated_scope: scopeOf(estimate),
      expected_outcome: summary,
      potential_regrets: regrets.map(({ text }) => text),
    },
    ...(estimate.basis === undefined ? {} : { estimate_basis: estimate.basis }),
    ...(review !== undefined && review.reasons.length > 0
      ? { review: { risk: review.risk, confidence: review.confidence, reasons: review.reasons } }
      : {}),
    approval_required:
      approvalToken === undefined
        ? false
        : {
            summary,
            estimated_cost: perCurrency(estimate.charges).map(amountAnswer),
            estimated_time: estimate.seconds,
            approval_token: approvalToken,
          },
    proceed:
      approvalToken === undefined
        ? `Ask the person. Then call ${tool.name} again with clearer arguments, or with the same ones and this intent_id; or decline_intent if they say no.`
        : `Ask the person. Then call ${tool.name} again with clearer arguments, or with the same ones and this approval_token; or decline_intent if they say no.`,
  });
};

const regretsOf = (over: Excess, { charges, days }: Estimate, open: number, settings: QuestionSettings): Regret[] => [
  ...(over.resources
    ? [
        {
          kind: 'too_much' as const,
          text: `It reads more than ${settings.maxResources} resources, which takes long and may cost upstream requests.`,
        },
      ]
    : []),
  ...(over.charges
    ? [{ kind: 'too_expensive' as const, text: `Its upstream requests are charged at about ${chargesWords(charges)}.` }]
    : []),
  ...(over.days
    ? [{ kind: 'too_much' as const, text: `It asks for ${days} days, more than ${settings.maxDays}.` }]
    : []),
  ...(open > 0
    ? [
        {
          kind: 'assumed' as const,
          text: 'It takes for granted what was left out; the answer may be about more or other resources than meant.',
        },
      ]
    : []),
];
