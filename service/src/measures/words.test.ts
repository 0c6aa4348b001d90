import type { currencyOf } from './currency.ts';
import { ofMicros, parseMoney } from './money.ts';
import { chargesWords, durationWords, moneyWords, percent, percentNumber, plural } from './words.ts';

describe('percent', () => {
  it.each([
    [0, '0.0%'],
    [0.0001, '0.1%'],
    [0.7104, '71.0%'],
    [0.99999, '99.9%'],
    [1, '100.0%'],
  ])('shows %d as %s', (ratio, shown) => {
    expect(percent(ratio)).toBe(shown);
  });
});

describe('plural', () => {
  it('counts', () => {
    expect([plural(0, 'tag'), plural(1, 'tag'), plural(1200, 'tag stays', 'tags stay')]).toEqual([
      '0 tags',
      '1 tag',
      '1,200 tags stay',
    ]);
  });
});

describe('percentNumber', () => {
  it.each([
    [43, '43.0%'],
    [-0.0588, '−0.1%'],
    [0.001, '0.1%'],
    [-99.96, '−99.9%'],
    [-100, '−100.0%'],
    [900, '900.0%'],
    [9_999_999_900, '9,999,999,900.0%'],
  ])('shows %d as %s', (value, shown) => {
    expect(percentNumber(value)).toBe(shown);
  });
});

describe('moneyWords', () => {
  it.each([
    ['12.34', 'EUR', '€12.34'],
    ['5000', 'JPY', '¥5,000'],
    ['12.345', 'KWD', 'KWD\u00a012.345'],
    // Intl alone shows the dinar of Iraq and the forint without the digits that ISO 4217 gives them.
    ['1.234', 'IQD', 'IQD\u00a01.234'],
    ['1.5', 'HUF', 'HUF\u00a01.50'],
    ['100', 'CAD', 'CA$100.00'],
    ['-3.5', 'USD', '−$3.50'],
    ['0', 'USD', '$0.00'],
    // More micros than a float holds.
    ['9007199254740.93', 'USD', '$9,007,199,254,740.93'],
    ['1234567890123.45', 'USD', '$1,234,567,890,123.45'],
  ])('shows %s %s as %s', (amount, currency, shown) => {
    expect(moneyWords(parseMoney(amount, currency))).toBe(shown);
  });

  it('rounds what is below the smallest coin, and never to nothing', () => {
    expect(moneyWords(ofMicros('187654321', 'USD'))).toBe('$187.65');
    expect(moneyWords(ofMicros('400', 'USD'))).toBe('$0.0004');
    expect(moneyWords(ofMicros('-1', 'JPY'))).toBe('−¥0.000001');
  });

  it('shows a currency that only a later release knows', () => {
    const later = { ...parseMoney('7', 'EUR'), currency: 'QQQ' as ReturnType<typeof currencyOf> };
    expect(moneyWords(later)).toBe('QQQ\u00a07.00');
  });
});

describe('chargesWords', () => {
  it('tells each currency apart', () => {
    expect(chargesWords([])).toBe('free of charge');
    expect(chargesWords([parseMoney('0', 'USD')])).toBe('free of charge');
    expect(chargesWords([parseMoney('1.2', 'EUR'), parseMoney('0.03', 'USD')])).toBe('€1.20 and $0.03');
  });
});

describe('durationWords', () => {
  it.each([
    [0, '0 seconds'],
    [0.4, 'less than a second'],
    [59, '59 seconds'],
    [9000, '2 hours 30 minutes'],
    [86_405, '1 day 5 seconds'],
    [-3600, '−1 hour'],
  ])('shows %d seconds as %s', (seconds, shown) => {
    expect(durationWords(seconds)).toBe(shown);
  });
});
