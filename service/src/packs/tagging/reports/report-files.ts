/** A compliance report as text: CSV for spreadsheets, Markdown for people. Pure. */
import { text } from 'node:stream/consumers';
import { csv } from '../../../files/csv.ts';
import type { Cell, Column } from '../../../files/sheet.ts';
import { ofDollars } from '../../../measures/money.ts';
import { count, moneyWords, percent } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import type { Quality } from '../scan/evaluate.ts';
import type { Counts } from '../scan/score.ts';
import type { Recommendation } from './recommendations.ts';
import type { ViolationGroup } from './violation-groups.ts';

export interface ReportContent {
  readonly timestamp: string;
  readonly policyVersion: string;
  readonly quality: Quality;
  /** 0 to 1; null without data. */
  readonly score: number | null;
  readonly counts: Counts;
  readonly violations: number;
  /** USD a month; null where some of it is unknown. */
  readonly gap: number | null;
  readonly nonCompliantUsd: number | null;
  readonly byCount: readonly ViolationGroup[];
  readonly byCost: readonly ViolationGroup[];
  /** Undefined: not asked for. */
  readonly recommendations: readonly Recommendation[] | undefined;
}

interface Line {
  readonly section: string;
  readonly item: string;
  readonly kind?: string;
  readonly value: Cell;
  readonly usd?: number | null;
}

const columns: readonly Column<Line>[] = [
  { title: 'Section', value: ({ section }) => section },
  { title: 'Item', value: ({ item }) => item },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'Value', value: ({ value }) => value },
  { title: 'USD a month', value: ({ usd }) => usd },
];

const linesOf = (report: ReportContent): Line[] => {
  const group = (section: string) => (each: ViolationGroup) => ({
    section,
    item: clean(each.tagName),
    kind: each.violationType,
    value: each.resources,
    usd: each.usd,
  });
  return [
    { section: 'Summary', item: 'Scanned', value: report.timestamp },
    { section: 'Summary', item: 'Data', value: report.quality },
    { section: 'Summary', item: 'Policy', value: report.policyVersion },
    { section: 'Summary', item: 'Score', value: report.score },
    { section: 'Summary', item: 'Resources', value: report.counts.total },
    { section: 'Summary', item: 'Compliant resources', value: report.counts.compliant },
    { section: 'Summary', item: 'Violations', value: report.violations },
    { section: 'Summary', item: 'Cost attribution gap', value: undefined, usd: report.gap },
    ...report.byCount.map(group('Most frequent')),
    ...report.byCost.map(group('Most expensive')),
    ...(report.recommendations ?? []).map(({ action, resources, usd }) => ({
      section: 'Recommendations',
      item: action,
      value: resources,
      usd,
    })),
  ];
};

/** For an answer and not a file, so without a byte order mark. */
export const reportCsv = (report: ReportContent): Promise<string> =>
  text(csv(columns, linesOf(report), { bom: false }));

/** Text from outside as code, which Markdown shows as it is. */
const code = (value: string): string => `\`${clean(value).replaceAll('`', 'ˋ').replaceAll('|', '¦')}\``;
/** Text that quotes what comes from outside, as Markdown that shows it and does nothing. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]()<>#!~&]/g, '\\$&')
    .replaceAll('|', '¦')
    .replaceAll(/:(?=\/\/)|www(?=\.)/gi, '$&\\');
const usd = (amount: number | null): string => {
  const money = amount === null ? undefined : ofDollars(amount);
  return money === undefined ? 'not known' : moneyWords(money);
};
const score = (value: number | null): string => (value === null ? 'no data' : percent(value));

const groupTable = (title: string, groups: readonly ViolationGroup[]): string[] =>
  groups.length === 0
    ? []
    : [
        `## ${title}`,
        '',
        '| Tag | Violation | Resources | USD a month |',
        '| --- | --- | ---: | ---: |',
        ...groups.map(
          (each) =>
            `| ${code(each.tagName)} | ${each.violationType.replaceAll('_', ' ')} | ${count(each.resources)} | ${usd(each.usd)} |`,
        ),
        '',
      ];

export const reportMarkdown = (report: ReportContent): string =>
  [
    '# Tag compliance report',
    '',
    `Scanned ${report.timestamp}, by policy ${code(report.policyVersion)}.${report.quality === 'complete' ? '' : ` **The data is ${report.quality}: not everything could be read.**`}`,
    '',
    `- Score: **${score(report.score)}** (${count(report.counts.compliant)} of ${count(report.counts.total)} resources)`,
    `- Violations: ${count(report.violations)}`,
    `- Spend that cannot be attributed: ${usd(report.gap)} a month`,
    `- Cost of resources that are not compliant: ${usd(report.nonCompliantUsd)} a month, each counted once`,
    '',
    ...groupTable('Most frequent', report.byCount),
    ...groupTable('Most expensive', report.byCost),
    ...(report.recommendations === undefined || report.recommendations.length === 0
      ? []
      : [
          '## Recommendations',
          '',
          ...report.recommendations.map(
            (each, at) => `${at + 1}. ${plain(each.action)} Score afterwards: ${score(each.projectedScore)}.`,
          ),
          '',
        ]),
  ].join('\n');
