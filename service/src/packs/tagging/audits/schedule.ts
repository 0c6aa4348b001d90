/** A scheduled audit as it is kept, and the state of it that a plan changes. */
import { z } from 'zod';
import type { Row } from '../../../../../contracts/tables.ts';
import type { State } from '../../../operations/plan.ts';
import { rhythms } from './when.ts';

export const formats = ['email', 'slack', 'both'] as const;
export const auditStatuses = ['active', 'paused'] as const;

export const LastRun = z.object({
  /** When it was due, and when it ran. */
  plannedFor: z.iso.datetime(),
  ranAt: z.iso.datetime(),
  /** 0 to 1; null when there was nothing to judge. */
  score: z.number().nullable(),
  quality: z.enum(['complete', 'partial', 'failed']),
  violations: z.number(),
  /** Recipients it was handed to; notices send it. */
  toldTo: z.number(),
  /** Occurrences before it that were missed. */
  missed: z.number(),
  /** Recipients who cannot be told any more. */
  unreachable: z.array(z.string()),
});
export type LastRun = z.infer<typeof LastRun>;

/** What a plan says and changes of it. */
export const AuditTerms = z.object({
  schedule: z.enum(rhythms),
  time: z.string(),
  timezone: z.string(),
  recipients: z.array(z.string()).min(1),
  format: z.enum(formats),
  status: z.enum(auditStatuses),
});
export type AuditTerms = z.infer<typeof AuditTerms>;

export interface AuditSchedule extends AuditTerms {
  readonly scheduleId: string;
  /** ISO time; of a paused one when it would have come. */
  readonly nextRun: string;
  readonly createdBy: string;
  readonly createdAt: string;
  /** Counts the writes of the row. */
  readonly revision: number;
  readonly lastRun?: LastRun | undefined;
}

export const auditFromRow = (row: Row<'scheduled-audits'>): AuditSchedule => ({
  ...AuditTerms.parse({ ...row, schedule: row.scheduleType }),
  scheduleId: row.scheduleId,
  nextRun: row.nextRun,
  createdBy: row.createdBy,
  createdAt: row.createdAt,
  revision: row.revision ?? 0,
  ...(row.lastRun == null ? {} : { lastRun: LastRun.parse(row.lastRun) }),
});

export const rowOfAudit = ({ schedule, recipients, lastRun, ...rest }: AuditSchedule): Row<'scheduled-audits'> => ({
  ...rest,
  scheduleType: schedule,
  recipients: [...recipients],
  ...(lastRun === undefined ? {} : { lastRun }),
});

const keys = Object.keys(AuditTerms.shape) as (keyof AuditTerms)[];

/** The terms as a plan writes them; each is null where there is no such audit. */
export const stateOfAudit = (audit: AuditTerms | undefined): State =>
  Object.fromEntries(keys.map((key) => [key, audit?.[key] ?? null]));
