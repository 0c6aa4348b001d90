/** Amounts as people give them, in the currency of the account. No float holds one: a number is read as it is written. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import { type Money, parseMoney } from '../../../../measures/money.ts';

/** Text or a number. Nothing else is turned into text: a list of one amount would pass, and null would be an amount that was given. */
export const GivenAmount = z.preprocess(
  (given) => (typeof given === 'number' ? String(given) : given),
  z.string().max(40),
);

/** @throws invalid_input for what is no amount above zero, or has parts of the currency's smallest unit */
export const amountAboveZero = (given: string, currency: string, field: string): Money => {
  const money = parseMoney(given, currency, { field });
  if (BigInt(money.micros) > 0n) return money;
  throw new CountersignError('invalid_input', `${field}: must be more than 0.`);
};
