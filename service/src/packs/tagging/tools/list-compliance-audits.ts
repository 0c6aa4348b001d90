import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { type AuditSchedule, auditStatuses, formats } from '../audits/schedule.ts';
import { rhythms, zonedIso } from '../audits/when.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { ratio } from '../scan/score.ts';

const Audit = z.object({
  schedule_id: z.string(),
  status: z.enum(auditStatuses),
  schedule: z.enum(rhythms),
  time: z.string(),
  timezone: z.string(),
  format: z.enum(formats),
  next_run: z.string().nullable().describe('null: paused'),
  recipients_count: z.number(),
  recipients: z.array(z.string()).optional().describe('For admins'),
  last_run: z
    .object({
      planned_for: z.string(),
      ran_at: z.string(),
      compliance_score: z.number().nullable(),
      data_quality: z.string(),
      total_violations: z.number(),
      told: z.number().describe('Recipients'),
      missed_before: z.number(),
    })
    .nullable(),
});

const auditOf =
  (isAdmin: boolean) =>
  (audit: AuditSchedule): z.input<typeof Audit> => {
    const { scheduleId, status, schedule, time, timezone, format, recipients, nextRun, lastRun } = audit;
    const zoned = (iso: string) => zonedIso(new Date(iso), timezone);
    return {
      ...{ schedule_id: scheduleId, status, schedule, time, timezone, format },
      next_run: status === 'active' ? zoned(nextRun) : null,
      recipients_count: recipients.length,
      // Addresses of colleagues are theirs.
      ...(isAdmin ? { recipients: recipients.map((each) => clean(each, 320)) } : {}),
      last_run:
        lastRun === undefined
          ? null
          : {
              planned_for: zoned(lastRun.plannedFor),
              ran_at: zoned(lastRun.ranAt),
              compliance_score: lastRun.score === null ? null : ratio(lastRun.score, 1),
              data_quality: lastRun.quality,
              total_violations: lastRun.violations,
              told: lastRun.toldTo,
              missed_before: lastRun.missed,
            },
    };
  };

export const listComplianceAudits = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'list_compliance_audits',
    title: 'List scheduled audits',
    description: 'The scheduled compliance audits, those that come next first, and what the last run of each found.',
    scopes: ['tag:read'],
    input: z.strictObject({ ...pageInput }),
    output: z.object({
      total: z.number(),
      audits: z.array(Audit),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async (input, { caller }) => {
      const all = await pack.audits.all();
      const rankOf = (audit: AuditSchedule) => [auditStatuses.indexOf(audit.status), audit.nextRun, audit.scheduleId];
      const { items, ...page } = pageOf(all, rankOf, auditOf(caller.scopes.has('admin')), input);
      return { total: all.length, audits: items, ...page, untrusted_text: ['audits[].recipients'] };
    },
  });
