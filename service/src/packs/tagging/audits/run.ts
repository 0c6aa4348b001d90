/**
 * Runs one audit. A schedule makes one job for each planned time, whatever the number of tasks; a job may be tried again, so what is
 * told has a key of schedule and planned time, and what ran already is not run again.
 */
import { z } from 'zod';
import type { Notify } from '../../../ports/notify.ts';
import { defineWorker, JobFailure, type Worker } from '../../../ports/worker.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { scanAsPack } from '../scan/own-scan.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { AUDIT_WORKER, type Audits } from './audits.ts';
import { AUDIT_SCOPE, findRecipients, waysOf } from './recipients.ts';
import { auditNotice, lastRunOf } from './report.ts';
import type { AuditSchedule } from './schedule.ts';
import { rhythmWords, zonedIso } from './when.ts';

/** Seconds to the next try where nothing could be read: three tries in about an hour, so that the audit is still of its time. */
const DELAYS = [60, 900, 2700] as const;
/** Of one try: as long as a scan that somebody asked for may take. */
const LONGEST_SECONDS = 3600;
/** Hours in which one snapshot of all tags is enough. */
const SNAPSHOT_HOURS = 20;

export interface AuditParts {
  readonly pack: TaggingPack;
  readonly audits: Audits;
  readonly notify: Notify;
}

/** Audits of a day share a snapshot. */
const openSnapshotNeed = ({ scans, estate, now }: TaggingPack) => {
  let newestSnapshot = '';
  return async (): Promise<boolean> => {
    const hash = extentHash(await wholeExtent(estate));
    const since = new Date(now().getTime() - SNAPSHOT_HOURS * 3_600_000).toISOString();
    if (newestSnapshot < since) newestSnapshot = (await scans.newestSnapshot(hash))?.timestamp ?? '';
    return newestSnapshot < since;
  };
};

const tell = async ({ notify }: AuditParts, audit: AuditSchedule, notice: ReturnType<typeof auditNotice>) => {
  const { reachable, unreachable } = await findRecipients(notify, audit);
  if (reachable.length > 0)
    await notify.tell({ ...notice, scope: AUDIT_SCOPE, to: { recipients: reachable, by: waysOf(audit.format) } });
  if (unreachable.length > 0)
    await notify.tell({
      key: `${notice.key}/unreachable`,
      headline: 'A scheduled audit does not reach all its recipients',
      about: unreachable.join(', '),
      facts: [{ label: 'Why', value: 'They are unknown here now, or may not read reports any more.' }],
      link: { label: 'See scheduled audits', path: '/audits' },
      scope: 'admin',
    });
  return { toldTo: reachable.length, unreachable: [...unreachable] };
};

/** One that failed for good sends nothing to its recipients, who would take silence for no news. */
const failForGood = async ({ notify, audits }: AuditParts, audit: AuditSchedule, plannedFor: Date): Promise<void> => {
  await audits.failed(audit.scheduleId);
  await notify.tell({
    key: `audit/${audit.scheduleId}/${plannedFor.toISOString()}/failed`,
    headline: 'A scheduled audit failed and sent nothing',
    facts: [
      { label: 'Audit', value: rhythmWords(audit) },
      { label: 'Planned for', value: zonedIso(plannedFor, audit.timezone) },
      { label: 'Why', value: 'It was tried as often as it may be. The page of jobs has the reason.' },
    ],
    link: { label: 'See scheduled audits', path: '/audits' },
    scope: 'admin',
  });
};

export const auditWorker = (parts: AuditParts): Worker => {
  const needsSnapshot = openSnapshotNeed(parts.pack);
  return defineWorker({
    name: AUDIT_WORKER,
    description: 'Scans the estate for a scheduled audit and sends what it found.',
    payload: z.object({ scheduleId: z.string() }),
    atOnce: 2,
    delays: DELAYS,
    longestSeconds: LONGEST_SECONDS,
    async work({ payload: { scheduleId }, occurrence, createdAt, attempt, signal, log, now, report }) {
      const audit = await parts.audits.find(scheduleId);
      if (audit?.status !== 'active') return { superseded: 'The audit was paused or deleted.' };
      const plannedFor = occurrence?.at ?? createdAt;
      if (audit.lastRun !== undefined && audit.lastRun.plannedFor >= plannedFor.toISOString())
        return { superseded: 'It ran already.' };
      const progress = (done: number, total: number, note = 'scanning') => report({ done, total, note });
      // What was read since it was due is new enough: by another audit of this minute, or by an earlier try.
      const how = { since: plannedFor.toISOString(), snapshot: await needsSnapshot() };
      const scanning = scanAsPack(parts.pack, {}, { signal, log, progress, ...how });
      const { scan } = await scanning.catch(async (error: unknown) => {
        // Of an aborted one the last word is not spoken: another task goes on with it.
        if (attempt > DELAYS.length && !signal.aborted) await failForGood(parts, audit, plannedFor);
        throw error;
      });
      if (scan.quality === 'failed' && attempt <= DELAYS.length)
        throw new JobFailure('Nothing of the estate could be read.');
      const missed = occurrence?.skipped ?? 0;
      const run = { audit, scan, plannedFor, ranAt: now(), missed, next: parts.audits.next(audit, plannedFor) };
      const told = await tell(parts, audit, auditNotice(run));
      await parts.audits.ran(scheduleId, lastRunOf(run, told));
      return { result: { scan_id: scan.scanId, recipients: told.toldTo } };
    },
  });
};
