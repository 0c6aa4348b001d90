import { budgetsProps, changeOfBudget, written } from '../../../../test/browser/budget-fixtures.ts';
import { operation as fixture } from '../../../../test/browser/fixtures.ts';
import { parseMarkup, text } from '../../../../test/rigs/markup.ts';
import { amountWords, stepPath } from './amount-chart.ts';
import { budgetHistories } from './budget-history.ts';
import { type BudgetsProps, budgetsView } from './budgets-view.ts';

const words = (props: BudgetsProps): string => text(parseMarkup(budgetsView(props).toString())).replace(/\s+/g, ' ');
const mine = () => true;

describe('how a budget went', () => {
  it('is oldest first, with the percent, the day of its account, and what was changed elsewhere', () => {
    const [history] = budgetHistories(
      [
        written(2, '2026-11-21T03:00:00Z', changeOfBudget('7', '180.00', '90.00')),
        written(1, '2026-11-20T09:00:00Z', changeOfBudget('7', '100.00', '150.00')),
      ],
      mine,
    );
    expect(history?.changes).toMatchObject([
      { day: '2026-11-20', percent: 50, changedElsewhere: false },
      // Three in the morning in UTC is still the day before in New York.
      { day: '2026-11-20', percent: -50, changedElsewhere: true },
    ]);
    expect(stepPath(history?.changes ?? [], '2026-11-21T21:00:00Z')).toBe('M0 44.45H80V16.67H540M540 0V50H1000');
    expect(amountWords(history?.changes ?? [])).toBe(
      '2 changes: $100.00 a day before 20 Nov 2026, $90.00 a day since 21 Nov 2026. Lowest $90.00, highest $180.00. 1 time the amount was not what the change before had left.',
    );
  });

  it('begins where it was created, once a later change tells its id, and ends where it was removed', () => {
    const created = { ...changeOfBudget(undefined, null, '50.00'), resourceId: 'new', label: 'Budget 8' };
    const histories = budgetHistories(
      [
        written(1, '2026-11-20T09:00:00Z', created),
        written(2, '2026-11-20T10:00:00Z', changeOfBudget('8', '50.00', '60.00')),
        written(3, '2026-11-20T11:00:00Z', { ...created, resourceId: 'other', label: 'Another' }),
      ],
      mine,
    );
    expect(histories.map(({ name, budgetId, changes }) => [name, budgetId, changes.length])).toEqual([
      ['Another', undefined, 1],
      ['Budget 8', '8', 2],
    ]);
  });

  it('counts what Google took, and nothing of accounts that are not the reader’s', () => {
    const change = changeOfBudget('7', '100.00', '150.00');
    const failed = written(1, '2026-11-20T09:00:00Z', change, 'failed');
    expect(budgetHistories([failed, fixture(1)], mine)).toEqual([]);
    expect(budgetHistories([written(1, '2026-11-20T09:00:00Z', change)], () => false)).toEqual([]);
  });
});

describe('the page of budgets', () => {
  it('shows names from outside as text, with what cannot be seen written out', () => {
    const markup = budgetsView(budgetsProps).toString();
    expect(markup).not.toContain('<script');
    expect(words(budgetsProps)).toContain('Shop <script>window.bitten');
    expect(markup).not.toMatch(/\p{Cf}/u);
  });

  it('tells each drawing apart, and says it in words', () => {
    const ids = [
      ...budgetsView(budgetsProps)
        .toString()
        .matchAll(/ id="([^"]*)"/g),
    ].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(words(budgetsProps)).toContain('8 changes: $100.00 a day before');
    expect(words(budgetsProps)).toContain('3 older changes');
  });

  it('says why there is nothing, and what to do', () => {
    const none = { ...budgetsProps, accounts: [] };
    expect(words({ ...none, unchanged: [] })).toContain('Ask for access to one');
    expect(words({ ...none, part: { isNewest: true } })).toContain('“List the budgets of account 5678901234.”');
    expect(words({ ...none, part: { isNewest: true, older: 'x' } })).toContain('Older changes');
  });

  it('says of a currency without a cap that nothing is changed in it', () => {
    const limits = { ...budgetsProps.limits, caps: new Map() };
    expect(words({ ...budgetsProps, limits })).toContain('No cap is configured in USD, so no budget is changed.');
  });
});
