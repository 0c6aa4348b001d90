import { Impact, moneyLine, turnedRound } from './impact.ts';
import { parseMoney } from './money.ts';
import { impactAnswer, impactSentence, tellImpact } from './tell-impact.ts';

const budget = (before: string | null, after: string | null, currency = 'EUR', per?: 'day' | 'month') => {
  const money = (text: string | null) => (text === null ? null : parseMoney(text, currency));
  return moneyLine({ label: 'Budget', currency, before: money(before), after: money(after), ...(per && { per }) });
};
const figure = (
  unit: 'ratio' | 'percent' | 'count' | 'days' | 'seconds',
  before: number | null,
  after: number | null,
) => ({ label: 'It', unit, before, after }) satisfies Impact;

describe('a line of impact', () => {
  it.each<[Impact, string]>([
    [budget('100', '150', 'EUR', 'day'), 'Budget: €100.00 → €150.00 per day (+€50.00, +50.0%)'],
    [budget('5000', '4000', 'JPY', 'month'), 'Budget: ¥5,000 → ¥4,000 per month (−¥1,000, −20.0%)'],
    [budget('1.500', '1.501', 'KWD'), 'Budget: KWD\u00a01.500 → KWD\u00a01.501 (+KWD\u00a00.001, +0.1%)'],
    [budget('0', '50', 'USD'), 'Budget: $0.00 → $50.00 (+$50.00)'],
    [budget('-10', '5', 'USD'), 'Budget: −$10.00 → $5.00 (+$15.00)'],
    [budget('100', '0', 'USD'), 'Budget: $100.00 → $0.00 (−$100.00, −100.0%)'],
    [budget('0.01', '1000000', 'USD'), 'Budget: $0.01 → $1,000,000.00 (+$999,999.99, +9,999,999,900.0%)'],
    [budget('7', '7', 'USD'), 'Budget: $7.00 → $7.00 (no change)'],
    [budget(null, '7', 'USD'), 'Budget: no data → $7.00'],
    [figure('ratio', 0.6133, 0.6511), 'It: 61.3% → 65.1% (+3.8 points)'],
    [figure('percent', 43, 40.5), 'It: 43.0% → 40.5% (−2.5 points)'],
    [figure('count', 276, 293), 'It: 276 → 293 (+17, +6.2%)'],
    [figure('count', 0, 3), 'It: 0 → 3 (+3)'],
    [figure('days', 30, 1), 'It: 30 days → 1 day (−29 days, −96.7%)'],
    [figure('seconds', 60, 5400), 'It: 1 minute → 1 hour 30 minutes (+1 hour 29 minutes, +8,900.0%)'],
    [figure('count', null, 3), 'It: no data → 3'],
    // As the release before this one wrote them.
    [
      { label: 'Spend', unit: 'USD/month', before: 18432.4, after: 15210.75 },
      'Spend: $18,432.40 → $15,210.75 per month (−$3,221.65, −17.5%)',
    ],
    [{ label: 'Spend', unit: 'USD', before: 0.1, after: 0.3 }, 'Spend: $0.10 → $0.30 (+$0.20, +200.0%)'],
    [{ label: 'Spend', unit: 'USD', before: null, after: 1e300 }, 'Spend: no data → no data'],
  ])('is told in words: %j', (line, words) => {
    expect(impactSentence(tellImpact(Impact.parse(JSON.parse(JSON.stringify(line)))))).toBe(words);
  });

  it('is answered with amount, currency and unit', () => {
    expect(impactAnswer(budget('100', '150.5', 'EUR', 'day'), '2026-11-20T10:00:00.000Z')).toEqual({
      label: 'Budget',
      unit: 'EUR/day',
      before: '100.00',
      after: '150.50',
      percent_change: 50.5,
      in_words: 'Budget: €100.00 → €150.50 per day (+€50.50, +50.5%)',
      as_of: '2026-11-20T10:00:00.000Z',
    });
    expect(impactAnswer({ label: 'Spend', unit: 'USD/month', before: 1.5, after: null })).toMatchObject({
      unit: 'USD/month',
      before: '1.50',
      after: null,
      percent_change: null,
      as_of: null,
    });
  });

  it('holds amounts of its own currency only, none of them a number', () => {
    const before = parseMoney('1', 'USD');
    expect(() => moneyLine({ label: 'Budget', currency: 'EUR', before, after: null })).toThrow(
      'Budget: USD in a line of EUR',
    );
    expect(Impact.safeParse({ ...budget('1', '2'), before: 1 }).success).toBe(false);
    expect(Impact.safeParse({ ...budget('1', '2'), before: '1e21' }).success).toBe(false);
    expect(Impact.safeParse({ ...budget('1', '2'), currency: 'euro' }).success).toBe(false);
  });

  it('is turned round by a revert, and read anew', () => {
    const line = moneyLine({
      label: 'Budget',
      currency: 'EUR',
      per: 'day',
      before: parseMoney('1', 'EUR'),
      after: parseMoney('2', 'EUR'),
      asOf: '2026-11-20T10:00:00.000Z',
    });
    const { asOf: _then, ...rest } = line;
    expect(turnedRound(line)).toStrictEqual({ ...rest, before: line.after, after: line.before });
  });
});
