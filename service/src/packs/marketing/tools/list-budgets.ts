import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { CustomerId, MoneyShown, microsShown, ofCustomer } from './shared/ads.ts';
import { readOnly, shown } from './shared/answer.ts';
import { CursorInput, CursorOutput } from './shared/paging.ts';
import { streamedPage } from './shared/streamed.ts';

const Row = z.looseObject({
  campaignBudget: z.looseObject({
    id: z.string(),
    name: z.string().default(''),
    // A budget for its whole time has none by day.
    amountMicros: z.string().optional(),
    status: z.string(),
    period: z.string().default('DAILY'),
    explicitlyShared: z.boolean().default(false),
    referenceCount: z.string().default('0'),
    recommendedBudgetAmountMicros: z.string().optional(),
  }),
  customer: z.looseObject({ currencyCode: z.string() }),
});

const shownBudget = ({ campaignBudget: budget, customer: { currencyCode } }: z.output<typeof Row>) => {
  const campaigns = Number(budget.referenceCount);
  return {
    budget_id: budget.id,
    name: shown(budget.name),
    amount: microsShown(budget.amountMicros, currencyCode),
    period: budget.period,
    status: budget.status,
    campaigns,
    shared: budget.explicitlyShared || campaigns > 1,
    recommended: microsShown(budget.recommendedBudgetAmountMicros, currencyCode),
  };
};

const Budget = z.object({
  budget_id: z.string(),
  name: z.string(),
  amount: MoneyShown.nullable(),
  period: z.string(),
  status: z.string(),
  campaigns: z.number(),
  shared: z.boolean(),
  recommended: MoneyShown.nullable(),
});

export const listBudgets = ({ ads, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_budgets',
    title: 'List budgets',
    description:
      'Lists the campaign budgets of a Google Ads account: amount, what Google recommends, and how many campaigns spend from each.',
    scopes: ['marketing:read'],
    input: z.strictObject({ customerId: CustomerId, cursor: CursorInput }),
    output: z.object({
      budgets: z.array(Budget),
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ofCustomer,
    run: async ({ customerId, cursor }, context) => {
      const query = gaql`SELECT campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros, campaign_budget.status, campaign_budget.period, campaign_budget.explicitly_shared, campaign_budget.reference_count, campaign_budget.recommended_budget_amount_micros, customer.currency_code FROM campaign_budget WHERE campaign_budget.status != 'REMOVED' ORDER BY campaign_budget.id`;
      const { page, ...rest } = await streamedPage(ads.rows(customerId, query, Row, context), cursor, shownBudget);
      return { budgets: [...page], ...rest, sandbox, untrusted_text: ['budgets[].name'] };
    },
  });
