/** Currencies, and how many digits their amounts have after the point. */
import { z } from 'zod';
import { CountersignError } from '../errors.ts';

/** Code of ISO 4217, such as `EUR`. Any three letters are recognised when read back: a later release may know more. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .brand<'Currency'>();
export type Currency = z.infer<typeof Currency>;

// https://www.six-group.com/dam/download/financial-information/data-center/iso-currrency/lists/list-one.xml, column CcyMnrUnts.
// Intl.NumberFormat says 0 of HUF, IDR, PKR, COP and eleven others that have 2, and of IQD that has 3: it follows CLDR.
const minorDigitsOf: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
]);
const USUAL_DIGITS = 2;
/** Units of account that nobody pays in; the list has no minor unit for them. */
const notPaidIn: ReadonlySet<string> = new Set(['XDR', 'XSU']);
const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter((code) => !notPaidIn.has(code)));

/** @throws invalid_input for what is no currency: `USX` (US cents), `BTC`, `eur` */
export const currencyOf = (code: string, field = 'currency'): Currency => {
  if (known.has(code)) return Currency.parse(code);
  throw new CountersignError(
    'invalid_input',
    `${field}: ${JSON.stringify(code.slice(0, 10))} is not a currency of ISO 4217 such as EUR. Write it in capitals; of hundredths such as USX take a hundredth part in USD.`,
  );
};

/** Digits after the point of what can be paid: JPY 0, EUR 2, KWD 3. */
export const minorDigits = (currency: Currency): number => minorDigitsOf.get(currency) ?? USUAL_DIGITS;
