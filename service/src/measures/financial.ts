/** What a change means in money, and what an error cost, as packs work it out and records keep it. Amounts are exact. */
import { z } from 'zod';
import { Money } from './money.ts';

/** Of a change that is planned or applied. */
export const FinancialImpact = z.object({
  /** What is spent now and would be then, in one currency. */
  before: Money,
  after: Money,
  per: z.enum(['day', 'month']),
  /** The difference over a month, as its upstream counts a month. */
  monthly: Money,
  /** Percent of `before`, where that is not zero. */
  percent: z.number().nullable(),
  /** What was really spent per day, over the complete days from `from` to `to`. */
  baseline: z.object({ from: z.iso.date(), to: z.iso.date(), perDay: Money }).optional(),
});
export type FinancialImpact = z.infer<typeof FinancialImpact>;

/** Of an error that is taken back: what was spent in its days beside what would have been. */
export const FinancialReport = z.object({
  /** First and last day, both counted, in the account's own time zone. */
  from: z.iso.date(),
  to: z.iso.date(),
  actual: Money,
  expected: Money,
  excess: Money,
  /** Percent of `expected`, where that is not zero. */
  percent: z.number().nullable(),
});
export type FinancialReport = z.infer<typeof FinancialReport>;
