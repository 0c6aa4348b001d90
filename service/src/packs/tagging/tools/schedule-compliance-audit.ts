import { z } from 'zod';
import { isTimeZone, timeZoneError } from '../../../../../contracts/time-zone.ts';
import type { Change } from '../../../mcp/tool.ts';
import { defineChange } from '../../../mcp/tool.ts';
import { planNewAudit } from '../audits/change.ts';
import { checkRecipients } from '../audits/recipients.ts';
import { formats } from '../audits/schedule.ts';
import { rhythms } from '../audits/when.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { AskedAudit, AuditReason, auditChange } from './audit-change.ts';

export const scheduleComplianceAudit = (pack: TaggingPack): Change =>
  defineChange({
    ...auditChange(pack),
    name: 'schedule_compliance_audit',
    title: 'Schedule a compliance audit',
    description:
      'Asks for tag compliance to be audited and sent by mail or Slack: daily, weekly, or monthly, on the wall clock of a zone. The admin confirms it at approval_url.',
    input: z.strictObject({
      schedule: z.enum(rhythms).describe('weekly: Mondays. monthly: the first'),
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
        .describe('HH:MM'),
      timezone: z
        .string()
        .max(60)
        .refine(isTimeZone, timeZoneError)
        .default('UTC')
        .describe('IANA, such as Europe/Berlin'),
      recipients: z
        .array(z.string().min(1).max(320))
        .min(1)
        .max(50)
        .describe('People who sign in here; mailboxes and #channels of the operator'),
      format: z.enum(formats).default('email').describe('By what'),
      reason: AuditReason,
    }),
    output: AskedAudit,
    plan: async ({ reason: _, ...asked }, context) => {
      const recipients = [...new Set(asked.recipients)];
      await checkRecipients(pack.notify, { ...asked, recipients });
      return planNewAudit(pack.audits, { ...asked, recipients, status: 'active' }, context);
    },
  });
