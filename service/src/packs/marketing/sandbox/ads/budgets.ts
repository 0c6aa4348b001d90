import { type Draft, invalid, textOf } from './draft.ts';
import { adsError } from './refusals.ts';
import { amountIn, type Rules, required } from './rules.ts';
import type { Fields } from './state.ts';

const FAMILY = 'campaignBudgetError';

const checkName = (draft: Draft, name: string, verb: 'create' | 'update'): void => {
  if (draft.each('campaignBudgets').some((each) => each.name === name))
    throw invalid(adsError(FAMILY, 'DUPLICATE_NAME', 'A campaign budget with this name already exists.', verb, 'name'));
};

/** https://developers.google.com/google-ads/api/docs/campaigns/budgets/create-budgets */
export const budgetRules: Rules = {
  mutable: ['amountMicros', 'name', 'deliveryMethod'],
  create: (draft, fields) => {
    if (fields.amountMicros === undefined) throw required('amount_micros');
    // Omitted, it is true.
    const explicitlyShared = fields.explicitlyShared !== false;
    const name = textOf(fields.name);
    if (explicitlyShared && name === '') throw required('name');
    if (name !== '') checkName(draft, name, 'create');
    const amountMicros = amountIn(draft, fields.amountMicros, FAMILY, 'create', 'amount_micros');
    const { resourceName, id } = draft.newName('campaignBudgets');
    const deliveryMethod = fields.deliveryMethod ?? 'STANDARD';
    const made: Fields = { resourceName, id, name, amountMicros, deliveryMethod, explicitlyShared };
    return { ...made, status: 'ENABLED', period: 'DAILY' };
  },
  checkUpdate: (draft, patch, current) => {
    if (patch.amountMicros !== undefined) amountIn(draft, patch.amountMicros, FAMILY, 'update', 'amount_micros');
    if (patch.name !== undefined && patch.name !== current.name) checkName(draft, textOf(patch.name), 'update');
  },
  checkRemove: (draft, current) => {
    if (draft.each('campaigns').every((each) => each.campaignBudget !== current.resourceName)) return;
    const message = 'The campaign budget is associated with at least one campaign, and so it cannot be removed.';
    throw invalid(adsError(FAMILY, 'CAMPAIGN_BUDGET_IN_USE', message, 'remove'));
  },
};
