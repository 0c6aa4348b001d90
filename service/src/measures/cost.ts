/** What applying a plan takes: upstream calls, and what they are charged at. */
import { z } from 'zod';
import { Money, ofDollars, perCurrency } from './money.ts';
import { chargesWords, plural } from './words.ts';

/** `charges`: one amount per currency; empty where it is free. */
const Charged = z.object({ apiCalls: z.number(), charges: z.array(Money) });
/** US dollars as the release before this one wrote and still reads them: docs/adr/0040-exact-money.md. */
const ChargedInDollars = z.object({ apiCalls: z.number(), usd: z.number() });

export const PlanCost = z.union([Charged, ChargedInDollars]);
export type PlanCost = z.infer<typeof PlanCost>;

const chargesIn = (cost: PlanCost): readonly Money[] => {
  if ('charges' in cost) return cost.charges;
  const dollars = ofDollars(cost.usd);
  if (dollars) return [dollars];
  throw new RangeError(`a plan costs ${cost.usd} USD, which is more than can be counted`);
};

/** What is charged, one amount per currency: empty where it is free. */
export const chargesOf = (cost: PlanCost): Money[] => perCurrency(chargesIn(cost));

/** `6 API calls, free of charge`. */
export const costWords = (cost: PlanCost): string =>
  `${plural(cost.apiCalls, 'API call')}, ${chargesWords(chargesOf(cost))}`;
