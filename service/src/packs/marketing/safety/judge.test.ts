import { CountersignError } from '../../../errors.ts';
import { amountOf, parseMoney } from '../../../measures/money.ts';
import { agreementTo } from './agreement.ts';
import { baselineBefore, dayOf } from './days.ts';
import { costOfError, dailyBaseline, impactOf } from './financial.ts';
import { judgeAmount } from './judge.ts';
import { limitsOf, policyVersionOf } from './limits.ts';

const configured = {
  GOOGLE_ADS_BUDGET_CAPS: ['USD:10000/50000'],
  GOOGLE_ADS_CONFIRM_UP_TO: ['USD:100', 'JPY:10000'],
  GOOGLE_ADS_CONFIRM_PERCENT: 20,
  GOOGLE_ADS_MOST_INCREASE_PERCENT: 500,
  GOOGLE_ADS_MOST_DECREASE_PERCENT: 90,
  GOOGLE_ADS_CHANGES_PER_DAY: 3,
};
const limits = limitsOf(configured);
const usd = (text: string) => parseMoney(text, 'USD');
const judge = (before: string, after: string, { opening = before, others = '0', takesBack = false } = {}) =>
  judgeAmount(
    { before: usd(before), after: usd(after), opening: usd(opening), others: usd(others), takesBack },
    limits,
  );
const blocked = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    if (error instanceof CountersignError) return { code: error.code, ...error.details, message: error.message };
    throw error;
  }
  return 'let through';
};
const STEPS = 'Advice: change budgets in steps of at most 20 %, some days apart.';

describe('what a budget may become', () => {
  it.each<[string, string, number | null, readonly unknown[]]>([
    ['100', '120', 20, []],
    ['100', '120.01', 20.01, [STEPS]],
    ['100', '150', 50, [STEPS]],
    ['100', '200', 100, [STEPS]],
    ['100', '200.01', 100.01, [expect.stringContaining('raised by more than 100 % (+100.01 %)'), STEPS]],
    ['100', '600', 500, [expect.stringContaining('raised by more than 100 % (+500 %)'), STEPS]],
    ['200', '100', -50, [STEPS]],
    ['200', '99.99', -50.005, [expect.stringContaining('lowered by more than 50 % (-50.005 %)'), STEPS]],
    ['200', '20', -90, [expect.stringContaining('lowered by more than 50 % (-90 %)'), STEPS]],
    ['0', '50', null, [expect.stringContaining('it is zero now')]],
  ])('%s to %s is let through, with what to say of it', (before, after, percent, warnings) => {
    expect(judge(before, after)).toEqual({ percent, warnings });
  });

  it.each<[string, string, Parameters<typeof judge>[2], object]>([
    [
      '100',
      '600.01',
      {},
      { limit: 'increase', maximum: '600.00', message: expect.stringMatching(/\+500.01 %.*maximum 600.00/) },
    ],
    ['100', '1000', {}, { limit: 'increase', maximum: '600.00', message: expect.stringContaining('+900 %') }],
    ['33.33', '200', {}, { limit: 'increase', maximum: '199.98' }],
    [
      '600',
      '3600',
      { opening: '100' },
      { limit: 'day', maximum: '600.00', message: expect.stringContaining('+3500 %') },
    ],
    ['200', '19.99', {}, { limit: 'decrease', minimum: '20.00', message: expect.stringContaining('-90.005 %') }],
    ['300', '40', { opening: '1000' }, { limit: 'day', minimum: '100.00' }],
    ['4000', '12000', {}, { limit: 'budget-cap', maximum: '10000.00' }],
    ['0', '10000.01', {}, { limit: 'budget-cap', maximum: '10000.00' }],
    ['4000', '6000', { others: '44500' }, { limit: 'account-cap', maximum: '5500.00' }],
    ['4000', '6000', { others: '60000' }, { limit: 'account-cap', maximum: '0.00' }],
    ['100', '700', { opening: '100', takesBack: false }, { limit: 'increase' }],
    ['20', '12000', { takesBack: true }, { limit: 'budget-cap', maximum: '10000.00' }],
  ])('%s to %s is blocked: %j', (before, after, more, expected) => {
    expect(blocked(() => judge(before, after, more))).toMatchObject({ code: 'safety_limit_exceeded', ...expected });
  });

  it('what takes back another change is not held against percents, and what is lowered not against caps', () => {
    expect(judge('20', '200', { takesBack: true })).toMatchObject({ percent: 900 });
    expect(judge('20000', '11000')).toMatchObject({ percent: -45 });
    expect(judge('6000', '4000', { others: '60000' })).toBeDefined();
  });

  it('a currency without a cap is not changed at all, whatever the amount', () => {
    const yen = (text: string) => parseMoney(text, 'JPY');
    for (const after of ['1', '4000', '6000'])
      expect(
        blocked(() =>
          judgeAmount({ before: yen('5000'), after: yen(after), opening: yen('5000'), others: yen('0') }, limits),
        ),
      ).toMatchObject({ code: 'safety_limit_exceeded', limit: 'no-cap' });
  });
});

describe('who must agree', () => {
  it.each([
    ['100', '120', '0', 'same-person'],
    ['100', '120.01', '0', 'second-person'],
    ['1000', '1100', '0', 'same-person'],
    ['1000', '1100.01', '0', 'second-person'],
    ['1000', '1060', '40', 'same-person'],
    ['1000', '1060.01', '40', 'second-person'],
    ['100', '50', '100', 'same-person'],
    ['100', '49.99', '0', 'second-person'],
    ['0', '1', '0', 'second-person'],
  ] as const)('%s to %s, with %s confirmed today: %s', (before, after, confirmedToday, expected) => {
    const [from, to] = [usd(before), usd(after)];
    const raise = { before: from, after: to, opening: from, confirmedToday: usd(confirmedToday) };
    expect(agreementTo(raise, limits)).toBe(expected);
  });

  it('is a second person for the second of two raises of 20 % on one day', () => {
    const raise = { before: usd('120'), after: usd('121'), confirmedToday: usd('20') };
    expect(agreementTo({ ...raise, opening: usd('120') }, limits)).toBe('same-person');
    expect(agreementTo({ ...raise, opening: usd('100') }, limits)).toBe('second-person');
  });

  it('is a second person in every currency for which no amount is configured', () => {
    const euro = (text: string) => parseMoney(text, 'EUR');
    const [before, after] = [euro('100'), euro('101')];
    const raise = { before, after, opening: before, confirmedToday: euro('0') };
    expect(agreementTo(raise, limits)).toBe('second-person');
    expect(agreementTo(raise, limitsOf({ ...configured, GOOGLE_ADS_CONFIRM_UP_TO: [] }))).toBe('second-person');
  });
});

describe('what it means in money', () => {
  it.each([
    ['100', '150', '1520.00'],
    ['100', '600', '15200.00'],
    ['200', '20', '-5472.00'],
    ['0', '50', '1520.00'],
  ])('%s to %s is %s a month', (before, after, monthly) => {
    expect(amountOf(impactOf(usd(before), usd(after)).monthly)).toBe(monthly);
  });

  it('an error is held against thirty complete days: 640.00 in four days beside 91.20 a day', () => {
    expect(baselineBefore('2026-11-20')).toEqual({ from: '2026-10-21', to: '2026-11-19' });
    const spent = usd('2736');
    expect(amountOf(dailyBaseline(spent))).toBe('91.20');
    const report = costOfError({ from: '2026-11-10', to: '2026-11-13' }, { spent, actual: usd('640') });
    expect({ ...report, expected: amountOf(report.expected), excess: amountOf(report.excess) }).toMatchObject({
      expected: '364.80',
      excess: '275.20',
      percent: expect.closeTo(75.4386, 3),
    });
    expect(
      costOfError({ from: '2026-11-10', to: '2026-11-10' }, { spent: usd('0'), actual: usd('1') }).percent,
    ).toBeNull();
  });

  it.each([
    ['2026-11-20T04:59:00Z', 'America/New_York', '2026-11-19'],
    ['2026-11-20T05:00:00Z', 'America/New_York', '2026-11-20'],
    ['2026-11-20T14:59:59Z', 'Asia/Tokyo', '2026-11-20'],
    ['2026-11-20T15:00:00Z', 'Asia/Tokyo', '2026-11-21'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25'],
  ])('at %s it is in %s the day %s', (at, zone, day) => {
    expect(dayOf(new Date(at), zone)).toBe(day);
  });
});

describe('the configuration', () => {
  it('is refused with an amount or a currency that is none', () => {
    for (const caps of ['USX:1/2', 'JPY:1.5/2', 'USD:0.001/1'])
      expect(() => limitsOf({ ...configured, GOOGLE_ADS_BUDGET_CAPS: [caps] })).toThrow(CountersignError);
  });

  it('has another version for each other limit', () => {
    const others = [
      { GOOGLE_ADS_BUDGET_CAPS: ['USD:10000/50001'] },
      { GOOGLE_ADS_CONFIRM_UP_TO: [] },
      { GOOGLE_ADS_CONFIRM_PERCENT: 19 },
      { GOOGLE_ADS_MOST_INCREASE_PERCENT: 499 },
      { GOOGLE_ADS_MOST_DECREASE_PERCENT: 89 },
      { GOOGLE_ADS_CHANGES_PER_DAY: 2 },
    ];
    const versions = [{}, ...others].map((other) => policyVersionOf(limitsOf({ ...configured, ...other })));
    expect(new Set(versions).size).toBe(versions.length);
  });
});
