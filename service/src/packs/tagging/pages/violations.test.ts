import { openOnePack } from '../../../../test/rigs/one-pack.ts';

const words = (page: string): string => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const rowsOf = (page: string): string[] => page.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? [];
const figureOf = (page: string, label: string): number =>
  Number(
    new RegExp(`${label}</span></dt><dd><span class="number">([\\d,]+)`).exec(page)?.[1]?.replace(',', '') ??
      Number.NaN,
  );

describe('the page of violations', () => {
  const opened = openOnePack('tagging');
  afterAll(async () => (await opened).close());
  const main = async (query: Record<string, string> = {}) =>
    (await (await opened).show('/violations', query)).main.toString();

  it('counts what a compliance check counts once a snapshot of it is kept, and says how old it is', async () => {
    const { call } = await opened;
    const checked = await call('check_tag_compliance', { store_snapshot: true, severity: 'errors_only' });
    const page = await main();
    expect(figureOf(page, 'Error')).toBe(checked.total_violations);
    expect(words(page)).toContain('(less than a minute ago), the newest complete scan that kept them');
    expect(rowsOf(page)).toHaveLength(100);
    expect(page).toMatch(/1 to 100 of [\d,]+ violations, errors first/);
  });

  it('goes on in parts that keep the filters', async () => {
    const page = await main({ severity: 'error', page: '2' });
    expect(page).toMatch(/101 to \d+ of/);
    expect(page).toContain('href="/violations?severity=error&amp;page=1" rel="prev"');
    expect(rowsOf(page).some((row) => rowsOf(page).indexOf(row) !== rowsOf(page).lastIndexOf(row))).toBe(false);
  });

  it('shows only what fits every filter, and knows where a bucket is, whose ARN does not say it', async () => {
    const buckets = rowsOf(await main({ type: 's3:bucket', severity: 'error' }));
    expect(buckets.length).toBeGreaterThan(0);
    for (const row of buckets) {
      expect(row).toContain('arn:aws:s3:::');
      expect(row).not.toContain('not known');
    }
    const account = /data-column="Account">(\d{12})/.exec(buckets[0] ?? '')?.[1] ?? '';
    const narrowed = await main({ type: 's3:bucket', account, severity: 'error', tag: 'Owner' });
    for (const row of rowsOf(narrowed)) {
      expect(row).toContain(`data-column="Account">${account}`);
      expect(row).toContain('<code class="value">Owner</code>');
    }
    expect(narrowed).toContain('<option value="s3:bucket" selected>');
  });

  it('takes no filter for a field that was left empty, and says so where nothing fits', async () => {
    expect(rowsOf(await main({ type: '', account: '', region: '', tag: '', severity: '', page: 'x' }))).toHaveLength(
      100,
    );
    expect(words(await main({ tag: 'NoSuchTag' }))).toContain('No violation fits this.');
  });
});
