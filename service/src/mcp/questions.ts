/** When a call is questioned before it runs: something is missing, or it is bigger than the limit. */
import type { CallContext } from '../call.ts';
import { exceeds, type Money } from '../measures/money.ts';
import { chargesWords } from '../measures/words.ts';
import { auditable } from './auditable.ts';
import { type Clarification, Clarification as ClarificationSchema } from './controls.ts';
import { scopeOf } from './dry-run.ts';
import type { Estimate, Tool } from './tool.ts';

export interface QuestionSettings {
  /** Setting CLARIFY. */
  readonly clarify: 'limits' | 'always';
  /** Setting MAX_RESOURCES_WITHOUT_APPROVAL; strictly more is over. */
  readonly maxResources: number;
  /** Of metered upstream requests, one limit per currency; strictly more is over, and so is any charge in another. */
  readonly maxCharges: readonly Money[];
}

/** The question to ask, or undefined when the call may run. `openIntent` keeps the call and returns the id that lets it run. */
export const clarify = async (
  tool: Tool,
  input: Record<string, unknown>,
  context: CallContext,
  settings: QuestionSettings,
  openIntent: () => Promise<string>,
): Promise<Clarification | undefined> => {
  if (!tool.estimate || tool.kind !== 'query') return undefined;
  const estimate = await tool.estimate(input, context);
  const excess: Excess = {
    resources: estimate.resources > settings.maxResources,
    charges: exceeds(estimate.charges, settings.maxCharges),
  };
  const over = excess.resources || excess.charges || (estimate.over ?? []).length > 0;
  if (!over && settings.clarify !== 'always') return undefined;
  const ambiguities = (await tool.ambiguities?.(input, context)) ?? [];
  if (!over && ambiguities.length === 0) return undefined;
  const intentId = await openIntent();
  return ClarificationSchema.parse({
    clarification_needed: true,
    ambiguities: ambiguities.map(auditable.json),
    intent_commit: {
      intent_id: intentId,
      operation: tool.name,
      parameters: auditable.json(input),
      estimated_scope: scopeOf(estimate),
      expected_outcome: `${tool.title} over about ${estimate.resources} resources${estimate.basis === undefined ? '' : ` (${estimate.basis})`}.`,
      potential_regrets: regrets(excess, estimate, ambiguities.length, settings),
    },
    ...(estimate.basis === undefined ? {} : { estimate_basis: estimate.basis }),
    approval_required: over,
    proceed: `Call ${tool.name} again with clearer arguments, or with the same ones and this intent_id.`,
  });
};

/** Which limits the estimate is over. */
interface Excess {
  readonly resources: boolean;
  readonly charges: boolean;
}

const regrets = (over: Excess, estimate: Estimate, ambiguities: number, settings: QuestionSettings): string[] => [
  ...(over.resources
    ? [`It reads more than ${settings.maxResources} resources, which takes long and may cost upstream requests.`]
    : []),
  ...(over.charges ? [`Its upstream requests are charged at about ${chargesWords(estimate.charges)}.`] : []),
  ...(estimate.over ?? []),
  ...(ambiguities > 0
    ? ['It takes for granted what was left out; the answer may be about more or other resources than meant.']
    : []),
];
