import { openOnePack } from '../../../../test/rigs/one-pack.ts';
import type { StoredScan } from '../scan/stored-scan.ts';
import { historyView } from './history-view.ts';

const words = (page: string): string => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const rowsOf = (page: string): string[] => page.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? [];

const scan = (timestamp: string, compliant: number, more: Partial<StoredScan> = {}): StoredScan => ({
  ...{ scanId: timestamp, extentHash: 'h', timestamp, policyVersion: '1', quality: 'complete' },
  ...{ score: compliant / 10, counts: { total: 10, compliant }, violationCount: 10 - compliant, costGap: 12.5 },
  ...{ extent: { accounts: ['1'], regions: ['r'], types: [] }, inventory: [], averages: [], chunks: 0 },
  ...more,
});

const view = (scans: readonly StoredScan[], period: 'day' | 'week' | 'month') =>
  historyView({
    scans,
    extent: { accounts: ['1'], regions: ['r'], types: ['s3:bucket'] },
    days: 90,
    spans: [30, 90],
    period,
    now: '2026-11-20T12:00:00.000Z',
  }).toString();

describe('the page of compliance over time', () => {
  const scans = [
    scan('2026-10-30T06:00:00.000Z', 4),
    scan('2026-11-16T06:00:00.000Z', 5),
    scan('2026-11-16T09:00:00.000Z', 6),
    scan('2026-11-17T06:00:00.000Z', 1, { quality: 'partial' }),
    scan('2026-11-20T09:00:00.000Z', 7, { policyVersion: '2', costGap: null }),
  ];

  it('tells the last complete scan of each period, newest first, and how many points it moved', () => {
    const [newest, before, first, ...none] = rowsOf(view(scans, 'day')).map(words);
    expect(newest).toMatch(/20 Nov 2026 .* 70\.0% ▲ \+10\.0 7 of 10 3 not known 2 changed/);
    expect(before).toMatch(/16 Nov 2026 .*09:00 UTC 60\.0% ▲ \+20\.0 6 of 10 4 \$12\.50 1/);
    expect(first).toMatch(/30 Oct 2026 .* 40\.0% – /);
    expect(none).toEqual([]);
    expect(rowsOf(view(scans, 'week')).map(words)[0]).toContain('Week of 16 Nov 2026');
    expect(rowsOf(view(scans, 'month')).map(words)[1]).toContain('October 2026');
  });

  it('says how old it is, what it leaves out, and that the policy changed', () => {
    const page = words(view(scans, 'day'));
    expect(page).toContain('(3 hours ago)');
    expect(page).toContain('1 scan could not read everything and is left out.');
    expect(page).toContain('The policy changed meanwhile');
    expect(page).toContain('▲ improving');
    expect(words(view([], 'day'))).toContain('No complete scan of everything in the last 90 days.');
  });

  it('draws the past of a new sandbox by week and keeps the choice in its links', async () => {
    const pack = await openOnePack('tagging');
    const page = (await pack.show('/compliance-history', { period: 'week', days: '90' })).main.toString();
    await pack.close();
    expect(rowsOf(page).length).toBeGreaterThanOrEqual(8);
    expect(page).toContain('<svg');
    expect(page).toContain('href="/compliance-history?days=90&amp;period=month"');
    expect(page).toContain('<strong>week</strong>');
  });
});
