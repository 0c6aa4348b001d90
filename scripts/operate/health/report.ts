/** What the doctor found, for people. */
import { type Paint, plain, type Tone } from '../../platform/colour.ts';
import { table } from '../table.ts';
import type { Verdict } from './check.ts';
import type { Finding } from './examine.ts';

const tones: Readonly<Record<Verdict, Tone>> = { broken: 'bad', attention: 'warning', unknown: 'dim', ok: 'good' };
const worst: readonly Verdict[] = ['broken', 'attention', 'unknown', 'ok'];

export const totals = (findings: readonly Finding[]): string =>
  worst
    .map((verdict) => [verdict, findings.filter((finding) => finding.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ');

/** An environment: a line a finding, then the totals. A region is named where there are several. */
export const reportOf = (environment: string, findings: readonly Finding[], paint: Paint = plain): string => {
  const regions = new Set(findings.map(({ region }) => region).filter((region) => region !== ''));
  const several = regions.size > 1;
  const rows = findings.map(({ verdict, check, region, subject, says }) => [
    paint(tones[verdict], verdict),
    check,
    ...(several ? [region] : []),
    subject,
    says,
  ]);
  const headings = ['verdict', 'check', ...(several ? ['region'] : []), 'what', ''];
  return `${environment}\n\n${table(headings, rows)}\n\n${environment}: ${totals(findings)}`;
};
