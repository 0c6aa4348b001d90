/** What each service of the stand-in writes, and what it refuses, as Google Ads does. */
import { currencyOf, minorDigits } from '../../../../measures/currency.ts';
import { type Draft, invalid, textOf } from './draft.ts';
import { adsError } from './refusals.ts';
import type { Fields, Json } from './state.ts';

export interface Rules {
  /** The resource as it becomes. @throws AdsRefusal */
  create(draft: Draft, fields: Fields): Fields;
  /** Fields that may be updated, in camel case. */
  readonly mutable: readonly string[];
  /** Looks at a patch before it is laid over the resource. */
  checkUpdate?(draft: Draft, patch: Fields, current: Fields): void;
  checkRemove?(draft: Draft, current: Fields): void;
}

export const required = (field: string): Error =>
  invalid(adsError('fieldError', 'REQUIRED', 'The required field was not present.', 'create', field));

const unitOf = (currency: string): bigint => 10n ** BigInt(6 - minorDigits(currencyOf(currency)));

/** int64 as JSON has it. @throws AdsRefusal for what is none, not above zero, or no multiple of the currency's smallest unit */
export const amountIn = (draft: Draft, value: Json | undefined, family: string, ...path: readonly string[]): string => {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  if (!/^-?\d{1,19}$/.test(text))
    throw invalid(adsError('fieldError', 'INVALID_VALUE', 'The field’s value is no int64.', ...path));
  const micros = BigInt(text);
  if (micros < 0n) throw invalid(adsError(family, 'MONEY_AMOUNT_NEGATIVE', 'A money amount was negative.', ...path));
  if (micros === 0n)
    throw invalid(adsError(family, 'MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC', 'The amount is too small.', ...path));
  if (micros % unitOf(draft.customer.currencyCode) !== 0n) {
    const message = 'A money amount was not a multiple of a minimum unit.';
    throw invalid(adsError(family, 'NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT', message, ...path));
  }
  return String(micros);
};
