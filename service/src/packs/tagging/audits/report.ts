/** What an audit tells: score, change since the last, top violations, gap, and where to read on. */
import { ofDollars } from '../../../measures/money.ts';
import { count, moneyWords, percent, plural } from '../../../measures/words.ts';
import type { PackNotice } from '../../../ports/notify.ts';
import { ViolationTally, violationsOf } from '../reports/breakdown.ts';
import type { Scan } from '../scan/scan.ts';
import type { AuditSchedule, LastRun } from './schedule.ts';
import { rhythmWords, zonedIso } from './when.ts';

/** Minutes after its time from which a run is said to be late. */
const LATE_MINUTES = 15;
const TOP = 3;

export interface AuditRun {
  readonly audit: AuditSchedule;
  readonly scan: Scan;
  readonly plannedFor: Date;
  readonly ranAt: Date;
  /** Occurrences before it that were missed. */
  readonly missed: number;
  readonly next: Date;
}

const scoreOfScan = ({ counts: { total, compliant } }: Scan): number | null => (total === 0 ? null : compliant / total);

export const lastRunOf = (
  { scan, plannedFor, ranAt, missed }: AuditRun,
  told: Pick<LastRun, 'toldTo' | 'unreachable'>,
): LastRun => ({
  plannedFor: plannedFor.toISOString(),
  ranAt: ranAt.toISOString(),
  score: scoreOfScan(scan),
  quality: scan.quality,
  violations: scan.violationCount,
  missed,
  ...told,
});

const scoreWords = (scan: Scan): string => {
  const score = scoreOfScan(scan);
  const { compliant, total } = scan.counts;
  return score === null
    ? 'no data: nothing to judge'
    : `${percent(score)}: ${count(compliant)} of ${plural(total, 'resource')}`;
};

const changeWords = (scan: Scan, last: LastRun | undefined): string => {
  const score = scoreOfScan(scan);
  if (last === undefined) return 'this is the first audit of this schedule';
  if (score === null || last.score === null) return 'cannot be told: there was no data';
  const points = Math.round((score - last.score) * 1000) / 10;
  const moved = points === 0 ? 'none' : `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} points`;
  return last.quality === 'complete' && scan.quality === 'complete'
    ? `${moved}, from ${percent(last.score)}`
    : `${moved}, from ${percent(last.score)}; not all could be read both times`;
};

const topWords = (scan: Scan): string => {
  const tally = new ViolationTally();
  for (const resource of scan.each())
    for (const finding of violationsOf(resource, 'errors_only')) tally.add({ resource, finding });
  const top = Object.entries(tally.done().tag).slice(0, TOP);
  return top.length === 0 ? 'none' : top.map(([tag, found]) => `${tag}: ${plural(found, 'resource')}`).join('; ');
};

const qualityFacts = ({ quality, failures }: Scan) => {
  if (quality === 'complete') return [];
  const [first] = failures;
  const said = quality === 'failed' ? 'Nothing could be read' : 'Only a part could be read';
  const value = `${said}. ${first?.message ?? ''}${failures.length > 1 ? ` And ${failures.length - 1} more.` : ''}`;
  return [{ label: 'Data', value }];
};

const lateFacts = ({ audit, plannedFor, ranAt, missed }: AuditRun) => {
  const isLate = ranAt.getTime() - plannedFor.getTime() >= LATE_MINUTES * 60_000;
  if (!isLate && missed === 0) return [];
  const more = missed > 0 ? ` ${plural(missed, 'audit')} before it did not run.` : '';
  return [{ label: 'Late', value: `It was planned for ${zonedIso(plannedFor, audit.timezone)}.${more}` }];
};

/** One key for each schedule and planned time: whatever runs twice is told once. */
export const auditNotice = (run: AuditRun): Omit<PackNotice, 'scope' | 'to'> => {
  const { audit, scan, plannedFor, next } = run;
  const score = scoreOfScan(scan);
  const gap = scan.gap === null ? undefined : ofDollars(scan.gap);
  return {
    key: `audit/${audit.scheduleId}/${plannedFor.toISOString()}`,
    headline: `Compliance audit: ${score === null ? 'no data' : percent(score)}`,
    facts: [
      ...lateFacts(run),
      ...qualityFacts(scan),
      { label: 'Score', value: scoreWords(scan) },
      { label: 'Since the last audit', value: changeWords(scan, audit.lastRun) },
      {
        label: 'Violations',
        value: `${plural(scan.errorCount, 'error')}, ${plural(scan.violationCount - scan.errorCount, 'warning')}`,
      },
      { label: 'Most errors', value: topWords(scan) },
      { label: 'Spend nobody can be charged for', value: gap ? `${moneyWords(gap)} in 30 days` : 'not known' },
      { label: 'Read', value: zonedIso(new Date(scan.timestamp), audit.timezone) },
      { label: 'Next', value: `${zonedIso(next, audit.timezone)}, ${rhythmWords(audit)}` },
    ],
    link: { label: 'See tag compliance', path: '/compliance' },
  };
};
