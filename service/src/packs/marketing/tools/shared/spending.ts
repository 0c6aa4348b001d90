/** What tools share that change what an account spends. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';

/** Needed, because somebody else has to judge it. */
export const GivenReason = z.string().trim().min(1).max(500).describe('Why, for whoever agrees');

export const spending = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: true,
  openWorldHint: true,
} as const;

/**
 * The amount under whichever of its names it was given. The server before this one called it ...Dollars, whatever the currency.
 * @throws invalid_input unless it was given under one of them
 */
export const eitherAmount = (given: Readonly<Record<string, string | undefined>>): string => {
  const [amount, ...more] = Object.values(given).filter((each) => each !== undefined);
  const [name] = Object.keys(given);
  if (amount !== undefined && more.length === 0) return amount;
  throw new CountersignError('invalid_input', `${name}: give the amount once, under this name.`);
};
