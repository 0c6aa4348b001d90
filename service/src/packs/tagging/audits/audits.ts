/** The scheduled audits: rows of their own, and schedules of jobs that make them come. */
import type { Jobs } from '../../../ports/jobs.ts';
import type { Tables } from '../../../ports/tables.ts';
import {
  type AuditSchedule,
  type AuditTerms,
  auditFromRow,
  auditStatuses,
  type LastRun,
  rowOfAudit,
} from './schedule.ts';
import { cronOf } from './when.ts';

const TABLE = 'scheduled-audits';
export const AUDIT_WORKER = 'run-audit';
/** Tries to write a row that somebody else writes at the same time. */
const MOST_TRIES = 10;

export interface Audits {
  find(scheduleId: string): Promise<AuditSchedule | undefined>;
  /** All of them: active ones first, the next to come first. */
  all(): Promise<AuditSchedule[]>;
  /** Makes an audit, or brings it to these terms, and has it come by them. */
  set(scheduleId: string, terms: AuditTerms, createdBy: string): Promise<void>;
  remove(scheduleId: string): Promise<void>;
  /** Notes what a run found, and when the next comes. */
  ran(scheduleId: string, run: LastRun): Promise<void>;
  /** Notes when the next comes, because one failed for good. */
  failed(scheduleId: string): Promise<void>;
  /** When an audit by these terms comes next. */
  next(terms: Pick<AuditTerms, 'schedule' | 'time' | 'timezone'>, after?: Date): Date;
}

export const createAudits = (tables: Tables, jobs: Jobs, now: () => Date): Audits => {
  const find: Audits['find'] = async (scheduleId) => {
    const row = await tables.get(TABLE, { scheduleId });
    return row && auditFromRow(row);
  };
  const next: Audits['next'] = (terms, after) => {
    const at = jobs.comesNext(cronOf(terms), after);
    if (at === undefined) throw new Error('an audit that never comes');
    return at;
  };
  /** Writes what `change` makes of the row that is there, however often others write it meanwhile. */
  const write = async (
    scheduleId: string,
    change: (found: AuditSchedule | undefined) => Omit<AuditSchedule, 'revision' | 'scheduleId'> | undefined,
  ): Promise<void> => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const row = await tables.get(TABLE, { scheduleId });
      const changed = change(row && auditFromRow(row));
      if (changed === undefined) return;
      const written = rowOfAudit({ ...changed, scheduleId, revision: (row?.revision ?? 0) + 1 });
      const done =
        row === undefined
          ? await tables.insert(TABLE, written)
          : await tables.put(TABLE, written, { revision: row.revision });
      if (done) return;
    }
    throw new Error(`others keep writing the audit ${scheduleId}`);
  };
  return {
    find,
    next,
    all: async () => {
      const found: AuditSchedule[] = [];
      for (const status of auditStatuses) {
        let cursor: string | undefined;
        do {
          const query = { index: 'status-nextRun-index', partition: status, limit: 100 } as const;
          const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
          found.push(...page.items.map(auditFromRow));
          cursor = page.cursor;
        } while (cursor !== undefined);
      }
      return found;
    },
    // The schedule of jobs first: a row without one would look as if it came. What comes without a row does nothing.
    set: async (scheduleId, terms, createdBy) => {
      if (terms.status === 'active')
        await jobs.schedule({
          ...{ name: scheduleId, worker: AUDIT_WORKER, payload: { scheduleId } },
          ...cronOf(terms),
          createdBy,
        });
      else await jobs.unschedule(scheduleId);
      await write(scheduleId, (found) => ({
        ...(found ?? { createdBy, createdAt: now().toISOString() }),
        ...terms,
        nextRun: next(terms).toISOString(),
      }));
    },
    remove: async (scheduleId) => {
      await jobs.unschedule(scheduleId);
      await tables.remove(TABLE, { scheduleId });
    },
    ran: (scheduleId, lastRun) =>
      write(scheduleId, (found) => found && { ...found, lastRun, nextRun: next(found).toISOString() }),
    failed: (scheduleId) => write(scheduleId, (found) => found && { ...found, nextRun: next(found).toISOString() }),
  };
};
