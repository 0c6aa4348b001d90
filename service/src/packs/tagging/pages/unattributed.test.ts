import { openOnePack } from '../../../../test/rigs/one-pack.ts';
import { ofDollars } from '../../../measures/money.ts';
import { moneyWords } from '../../../measures/words.ts';

const rowsOf = (page: string): string[] => page.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? [];
const usd = (amount: unknown): string => {
  const money = ofDollars(Number(amount));
  return money === undefined ? 'no amount' : moneyWords(money);
};

describe('the page of unattributed cost', () => {
  const opened = openOnePack('tagging');
  afterAll(async () => (await opened).close());
  const main = async (query: Record<string, string> = {}) =>
    (await (await opened).show('/unattributed-cost', query)).main.toString();

  it('tells the past of a new sandbox, and what a newer scan found as the tool tells it', async () => {
    expect(await main()).toMatch(/\(\d\d hours ago\)/);
    const { call } = await opened;
    await call('check_tag_compliance', {});
    const told = await call('get_cost_attribution_gap', { group_by: 'account' });
    const page = await main({ by: 'account' });
    expect(page).toContain('(less than a minute ago)');
    expect(page).toContain(`<span class="number">${usd(told.attribution_gap)}</span>`);
    const rows = rowsOf(page);
    const parts = Object.entries(Object(told.breakdown));
    expect(rows).toHaveLength(parts.length);
    for (const [at, [account, part]] of parts.entries()) {
      expect(rows[at]).toContain(account);
      expect(rows[at]).toContain(`<td>${usd(Object(part).gap)}</td><td>${usd(Object(part).attributable)}</td>`);
    }
  });

  it('draws the greatest gaps and lists all, by service and by type', async () => {
    const page = await main({ by: 'x' });
    expect(page).toContain('<strong>service</strong>');
    expect(page.match(/<rect class="gap"/g)?.length).toBe(Math.min(10, rowsOf(page).length));
    expect(rowsOf(await main({ by: 'resource_type' })).join('')).toContain('ec2:instance');
  });
});
