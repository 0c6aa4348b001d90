/** What applying a plan takes: upstream calls, and what they are charged at. */
import { z } from 'zod';
import { Money, ofMicros, perCurrency } from './money.ts';
import { chargesWords, plural } from './words.ts';

/** `charges`: one amount per currency; empty where it is free. */
const Charged = z.object({ apiCalls: z.number(), charges: z.array(Money) });
/** US dollars as the release before this one wrote and still reads them: docs/adr/0040-exact-money.md. */
const ChargedInDollars = z.object({ apiCalls: z.number(), usd: z.number() });

export const PlanCost = z.union([Charged, ChargedInDollars]);
export type PlanCost = z.infer<typeof PlanCost>;

const MICROS = 1_000_000;

/** What is charged, one amount per currency. */
export const chargesOf = (cost: PlanCost): Money[] =>
  'charges' in cost ? perCurrency(cost.charges) : [ofMicros(BigInt(Math.round(cost.usd * MICROS)), 'USD')];

/** `6 API calls, free of charge`. */
export const costWords = (cost: PlanCost): string =>
  `${plural(cost.apiCalls, 'API call')}, ${chargesWords(chargesOf(cost))}`;
