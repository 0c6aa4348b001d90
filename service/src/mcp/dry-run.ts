/** What a call would do and take, without doing it. */

import type { AccountGate } from '../accounts/gate.ts';
import type { CallContext } from '../call.ts';
import { amountAnswer, perCurrency } from '../measures/money.ts';
import { impactAnswer } from '../measures/tell-impact.ts';
import type { Plan } from '../operations/plan.ts';
import { cleanJson } from '../untrusted.ts';
import { charactersFor, DEFAULT_ROWS, fitting } from './answer-size.ts';
import { auditable } from './auditable.ts';
import { type DryRun, DryRun as DryRunSchema } from './controls.ts';
import type { Change, Estimate, Tool } from './tool.ts';

/** Of one text in a change; the longest ARN is shorter. */
const MOST_CHARACTERS = 2000;

/** The estimate as answers spell it. */
export const scopeOf = (estimate: Estimate): DryRun['estimated_scope'] => ({
  resources: estimate.resources,
  api_calls: estimate.apiCalls,
  estimated_cost: perCurrency(estimate.charges).map(amountAnswer),
  estimated_time: estimate.seconds,
});

const nothing: Estimate = { resources: 0, apiCalls: 0, charges: [], seconds: 0 };

/** Tells what a call would take and, for a change, its plan; for an act, its answer. Both read and never write. */
export const dryRun = async (
  tool: Tool,
  input: Record<string, unknown>,
  context: CallContext,
  accounts: Pick<AccountGate, 'allowPlan'>,
): Promise<DryRun> => {
  const estimate = (await tool.estimate?.(input, context)) ?? nothing;
  const answer = {
    dry_run: true as const,
    tool: tool.name,
    estimated_scope: scopeOf(estimate),
    ...(estimate.basis === undefined ? {} : { estimate_basis: estimate.basis }),
  };
  if (tool.kind === 'act' && tool.preview !== undefined)
    return DryRunSchema.parse({ ...answer, would_answer: await tool.preview(input, context) });
  if (tool.kind !== 'change') return answer;
  const planned = await tool.plan(input, context);
  await accounts.allowPlan(context.caller, tool.name, planned.changes);
  const plan = shown(tool, input, planned);
  return DryRunSchema.parse({ ...answer, plan, untrusted_text: ['plan.summary', 'plan.changes', 'plan.warnings'] });
};

const shown = (tool: Change, input: Record<string, unknown>, plan: Plan) => ({
  summary: plan.summary,
  changes: fitting(
    plan.changes.slice(0, DEFAULT_ROWS).map((change) => cleanJson(auditable.json(change), MOST_CHARACTERS)),
    charactersFor(DEFAULT_ROWS),
  ),
  total_changes: plan.changes.length,
  impact: plan.impact.map((line) => impactAnswer(line)),
  warnings: plan.warnings,
  reversible: plan.reversible.possible,
  countersign: tool.countersign(input, plan),
});
