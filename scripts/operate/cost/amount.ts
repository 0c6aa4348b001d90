/** Money as Cost Explorer writes it: decimal numbers of many digits. Summed exactly, and rounded to cents once. */

/** In 10^-12 USD. Cost Explorer writes ten digits after the point, and in a few services more. */
export type Amount = bigint;

const DIGITS = 12;
const CENT: Amount = 10n ** BigInt(DIGITS - 2);
const written = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;

/** @throws Error for what is no number */
export const amountOf = (text: string): Amount => {
  const [, sign = '', whole = '', part = '', exponent = '0'] = written.exec(text.trim()) ?? [];
  if (whole === '' && part === '') throw new Error(`Cost Explorer answered an amount that is no number: ${text}`);
  // As if the point stood at the end, and then moved.
  const shift = DIGITS - part.length + Number(exponent);
  const digits = BigInt(`${whole}${part}`);
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -size : size;
};

export const sumOf = (amounts: Iterable<Amount>): Amount => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
};

/** USD in whole cents; half a cent counts as one. */
export const usdOf = (amount: Amount): number => {
  const size = amount < 0n ? -amount : amount;
  const cents = Number((size + CENT / 2n) / CENT) / 100;
  return amount < 0n && cents > 0 ? -cents : cents;
};

/** Of USD that are no answer of AWS, such as a setting. */
export const amountOfUsd = (usd: number): Amount => BigInt(Math.round(usd * 100)) * CENT;
