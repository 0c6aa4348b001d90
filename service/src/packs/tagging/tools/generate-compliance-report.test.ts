import { z } from 'zod';
import { at, startPack } from '../../../../test/estate/pack.ts';
import type { TagFinding } from '../policy/violations.ts';
import { recommendations } from '../reports/recommendations.ts';
import { reportCsv, reportMarkdown } from '../reports/report-files.ts';
import { byCost, byCount, summarizeViolations } from '../reports/violation-groups.ts';
import type { JudgedResource } from '../scan/judged.ts';

const finding = (tagName: string, more: Partial<TagFinding> = {}): TagFinding => ({
  tagName,
  violationType: 'missing_required_tag',
  severity: 'error',
  currentValue: null,
  allowedValues: null,
  ...more,
});
const wrong = (value: string): TagFinding =>
  finding('Environment', {
    violationType: 'invalid_value',
    currentValue: value,
    allowedValues: ['production', 'staging'],
  });
const resource = (errors: TagFinding[], usd: number | null, warnings: TagFinding[] = []): JudgedResource => ({
  arn: 'arn:aws:s3:::b',
  type: 's3:bucket',
  accountId: '1',
  region: 'r',
  id: 'b',
  tags: {},
  state: 'available',
  createdAt: null,
  judged: true,
  errors,
  warnings,
  cost: usd === null ? null : { usd, source: 'actual' },
});

const resources = [
  resource([finding('Owner'), wrong('prod')], 100),
  resource([finding('Owner')], 10),
  resource([wrong('prod')], 5),
  resource([wrong('stg')], null),
  resource([], 1000, [finding('=cmd|x', { severity: 'warning', violationType: 'invalid_format', currentValue: 'v' })]),
];
const summary = summarizeViolations(resources);

describe('violations in groups', () => {
  it('count each resource once, and its cost once however many violations it has', () => {
    expect(summary.nonCompliantUsd).toBe(115);
    expect(
      byCount(summary.groups).map(({ tagName, resources: n, usd, sole, unknownCosts }) => [
        tagName,
        n,
        usd,
        sole,
        unknownCosts,
      ]),
    ).toEqual([
      ['Environment', 3, 105, 2, 1],
      ['Owner', 2, 110, 1, 0],
      ['=cmd|x', 1, 1000, 0, 0],
    ]);
    expect(byCost(summary.groups).map(({ tagName }) => tagName)).toEqual(['=cmd|x', 'Owner', 'Environment']);
  });

  it('lead to what makes most resources compliant, with the value that is probably meant', () => {
    const advice = recommendations(summary.groups, { total: 5, compliant: 1 });
    expect(advice).toEqual([
      {
        action:
          'Correct Environment on 3 resources that have values that the policy does not allow. “prod” on 2 resources is probably production; “stg” on 1 resource is probably staging.',
        resources: 3,
        projectedScore: 0.6,
        usd: 105,
      },
      expect.objectContaining({ resources: 2, projectedScore: 0.4 }),
    ]);
    expect(recommendations([], { total: 0, compliant: 0 })).toEqual([]);
  });

  it('are written as text in which nothing from outside is a formula or a table', async () => {
    const content = {
      timestamp: '2026-11-20T09:00:00Z',
      policyVersion: '1',
      quality: 'partial' as const,
      score: null,
      counts: { total: 0, compliant: 0 },
      violations: 6,
      gap: null,
      nonCompliantUsd: null,
      byCount: byCount(summary.groups),
      byCost: [],
      recommendations: [],
    };
    expect(await reportCsv(content)).toContain("Most frequent,'=cmd|x,invalid_format,1,1000");
    const markdown = reportMarkdown(content);
    expect(markdown).toContain('| `=cmd¦x` | invalid format | 1 | $1,000.00 |');
    expect(markdown).toContain('The data is partial');
    expect(markdown).toContain('Score: **no data**');
    expect(markdown).toContain('not known a month');
    const action = 'Correct Owner: “![x](https://e.example) <b> www.e.example”.';
    const advice = [{ action, resources: 1, projectedScore: null, usd: 0 }];
    expect(reportMarkdown({ ...content, recommendations: advice })).toContain(
      String.raw`“\!\[x\]\(https:\//e.example\) \<b\> www\.e.example”.`,
    );
  });
});

describe('generate_compliance_report', () => {
  const report = (pack: Awaited<ReturnType<typeof startPack>>, input: object = {}) =>
    pack.call('generate_compliance_report', input);
  const Groups = z.array(z.object({ resources: z.number(), cost_monthly: z.number() }).loose());

  it('tells the numbers of a compliance check, and what to do first', async () => {
    const pack = await startPack();
    const told = await report(pack);
    const checked = await pack.call('check_tag_compliance', { severity: 'errors_only' });
    for (const field of ['compliance_score', 'total_resources', 'cost_attribution_gap'])
      expect(told[field]).toBe(at(checked, field));
    const groups = Groups.parse(told.top_violations_by_count);
    expect(groups.length).toBeLessThanOrEqual(10);
    expect(groups.map((each) => each.resources)).toEqual(
      groups.map((each) => each.resources).toSorted((a, b) => b - a),
    );
    const advice = z.array(z.looseObject({ projected_score: z.number() })).parse(told.recommendations);
    for (const each of advice) expect(each.projected_score).toBeGreaterThanOrEqual(Number(told.compliance_score));
    expect(told.content).toBeUndefined();
    // It stands in the history like any scan.
    expect(await pack.call('get_violation_history', {})).toMatchObject({ latest_score: told.compliance_score });
  });

  it('is written as Markdown or CSV, without recommendations where they are not wanted', async () => {
    const pack = await startPack();
    const markdown = await report(pack, { format: 'markdown', include_recommendations: false });
    expect(markdown.content).toContain('# Tag compliance report');
    expect(markdown.content).not.toContain('## Recommendations');
    expect(markdown.recommendations).toBeUndefined();
    const csv = await report(pack, { format: 'csv' });
    expect(csv.content).toMatch(
      /^Section,Item,Kind,Value,USD a month\r\nSummary,Scanned,,2026-11-20T09:00:00.000Z,\r\n/,
    );
    expect(csv.content).toContain('Recommendations,');
  });

  it('has no score and no cost of what could not be read', async () => {
    const pack = await startPack();
    pack.behaviour.throttledRegions.add('eu-west-1');
    expect(await report(pack, { regions: ['eu-west-1'] })).toMatchObject({
      compliance_status: 'no_data',
      compliance_score: null,
      non_compliant_cost_monthly: null,
      top_violations_by_count: [],
      recommendations: [],
    });
  });
});
