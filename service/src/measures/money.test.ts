import { currencyOf, minorDigits } from './currency.ts';
import {
  add,
  amountAnswer,
  amountOf,
  compareMoney,
  exceeds,
  ofMicros,
  parseMoney,
  perCurrency,
  percentOfChange,
  scale,
  subtract,
} from './money.ts';
import { moneyWords } from './words.ts';

const usd = (amount: string) => parseMoney(amount, 'USD');
const percentOf = (before: string, after: string) => percentOfChange(usd(before), usd(after));

describe('a currency', () => {
  // https://www.six-group.com/dam/download/financial-information/data-center/iso-currrency/lists/list-one.xml
  it.each([
    ['JPY', 0],
    ['EUR', 2],
    ['KWD', 3],
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
    ['XAF', 0],
  ])('has the minor unit of ISO 4217: %s %d', (code, digits) => {
    expect(minorDigits(currencyOf(code))).toBe(digits);
  });

  it.each(['USX', 'BTC', 'eur', 'XDR', 'XAU', '', 'DOLLARS'])('is not %j', (code) => {
    expect(() => currencyOf(code, 'currency')).toThrow(/^currency: .* is not a currency of ISO 4217/);
  });
});

describe('an amount that somebody wrote', () => {
  it.each([
    ['8.2', 'USD', '8200000', '8.20'],
    ['8.200', 'USD', '8200000', '8.20'],
    ['5000', 'JPY', '5000000000', '5000'],
    ['5000.0', 'JPY', '5000000000', '5000'],
    ['12.34', 'EUR', '12340000', '12.34'],
    ['12.345', 'KWD', '12345000', '12.345'],
    ['-0.01', 'EUR', '-10000', '-0.01'],
    ['0', 'EUR', '0', '0.00'],
    ['-0', 'EUR', '0', '0.00'],
    ['9223372036854.77', 'EUR', '9223372036854770000', '9223372036854.77'],
  ])('is read exactly: %s %s', (text, currency, micros, amount) => {
    const money = parseMoney(text, currency);
    expect(money).toEqual({ micros, currency });
    expect(amountAnswer(money)).toEqual({ amount, currency });
  });

  it.each([
    ['12.345', 'EUR', 'at most 2 digits after the point'],
    ['0.5', 'JPY', 'no digits after the point'],
    ['1.2345', 'KWD', 'at most 3 digits after the point'],
    ['1e21', 'EUR', 'plain amount in EUR such as 12.34'],
    ['1,000', 'EUR', 'plain amount'],
    ['€5', 'EUR', 'plain amount'],
    ['ten', 'JPY', 'plain amount in JPY such as 5000'],
    ['', 'EUR', 'plain amount'],
    [' 5', 'EUR', 'plain amount'],
    ['5.', 'EUR', 'plain amount'],
    ['.5', 'EUR', 'plain amount'],
    ['+5', 'EUR', 'plain amount'],
    ['NaN', 'EUR', 'plain amount'],
    ['٥', 'EUR', 'plain amount'],
    ['99999999999999', 'EUR', 'plain amount'],
    ['9223372036854.78', 'EUR', 'larger than any'],
  ])('is refused: %j %s', (text, currency, why) => {
    expect(() => parseMoney(text, currency, { field: 'dailyAmount' })).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(`^dailyAmount: .*${why}`) }),
    );
  });

  it('of a price goes below the minor unit', () => {
    expect(() => parseMoney('0.0004', 'USD')).toThrow('at most 2 digits');
    expect(parseMoney('0.0004', 'USD', { to: 'micros' }).micros).toBe('400');
    // Quoted as 431.25 US cents.
    expect(amountOf(scale(usd('431.25'), 1n, 100n))).toBe('4.3125');
  });
});

describe('micros of an upstream', () => {
  it('are kept to the last digit, and shown rounded', () => {
    const cost = ofMicros('187654321', 'USD');
    expect([cost.micros, amountOf(cost), moneyWords(cost)]).toEqual(['187654321', '187.654321', '$187.65']);
    expect(ofMicros('9007199254740993', 'USD').micros).toBe('9007199254740993');
  });

  it.each(['5e9', '1.5', '', ' 1', '9223372036854775808', '1'.repeat(31)])('are not %j', (micros) => {
    expect(() => ofMicros(micros, 'USD')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});

describe('arithmetic', () => {
  it('is of one currency', () => {
    const euro = parseMoney('1', 'EUR');
    for (const operation of [add, subtract, compareMoney, percentOfChange])
      expect(() => operation(usd('1'), euro)).toThrow('USD and EUR are neither added nor compared');
    expect(amountOf(add(usd('0.1'), usd('0.2')))).toBe('0.30');
    expect([usd('2'), usd('-1'), usd('10')].sort(compareMoney).map(amountOf)).toEqual(['-1.00', '2.00', '10.00']);
    expect(() => add(usd('9223372036854.77'), usd('1'))).toThrow('larger than any');
  });

  it('gives what a month costs more, by 30.4 days', () => {
    const perMonth = (before: string, after: string) => moneyWords(scale(subtract(usd(after), usd(before)), 304n, 10n));
    expect(perMonth('100', '150')).toBe('$1,520.00');
    expect(perMonth('100', '600')).toBe('$15,200.00');
    expect(perMonth('200', '20')).toBe('−$5,472.00');
  });

  it('gives a baseline and what exceeds it', () => {
    const daily = scale(ofMicros('2736000000', 'USD'), 1n, 30n);
    const expected = scale(daily, 4n);
    expect([daily, expected, subtract(usd('640'), expected)].map(amountOf)).toEqual(['91.20', '364.80', '275.20']);
    expect(percentOfChange(expected, usd('640'))).toBeCloseTo(75.4386, 4);
  });

  it('rounds halves away from zero', () => {
    const [one, minusOne] = [ofMicros('1', 'EUR'), ofMicros('-1', 'EUR')];
    expect([scale(one, 1n, 2n), scale(minusOne, 1n, 2n), scale(one, 1n, 3n), scale(one, -1n, -2n)]).toEqual(
      ['1', '-1', '0', '1'].map((micros) => ofMicros(micros, 'EUR')),
    );
  });
});

describe('percent of a change', () => {
  it.each([
    ['100', '150', 50],
    ['100', '600', 500],
    ['100', '1000', 900],
    ['600', '3600', 500],
    ['100', '3600', 3500],
    ['200', '20', -90],
    ['200', '19.99', -90.005],
    ['4000', '12000', 200],
    ['100', '100', 0],
    ['100', '0', -100],
    ['0', '50', null],
    ['0', '0', null],
    ['-100', '50', null],
    ['0.01', '1000000', 9_999_999_900],
  ])('from %s to %s is %p', (before, after, percent) => {
    expect(percentOf(before, after)).toBe(percent);
  });

  it('never looks smaller than a limit it exceeds', () => {
    expect(percentOf('100', '600.01')).toBeGreaterThan(500);
    expect(percentOf('1000000000000', '6000000000000.01')).toBeGreaterThan(500);
    expect(percentOf('7000000000000', '699999999999.99')).toBeLessThan(-90);
  });
});

describe('amounts in several currencies', () => {
  const amounts = [usd('0.30'), parseMoney('5', 'JPY'), usd('0.20')];

  it('are added up in each of them only', () => {
    expect(perCurrency([...amounts, parseMoney('0', 'EUR')]).map(amountAnswer)).toEqual([
      { amount: '5', currency: 'JPY' },
      { amount: '0.50', currency: 'USD' },
    ]);
  });

  it('are held against the limit of their own, and exceed one that is not set', () => {
    const limits = [usd('0.50'), parseMoney('5', 'JPY')];
    expect(exceeds(amounts, limits)).toBe(false);
    expect(exceeds([...amounts, usd('0.01')], limits)).toBe(true);
    expect(exceeds(amounts, [usd('0.50')])).toBe(true);
    expect(exceeds([parseMoney('0', 'EUR')], limits)).toBe(false);
    expect(exceeds([], [])).toBe(false);
  });
});
