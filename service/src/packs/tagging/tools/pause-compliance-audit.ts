import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { planPause } from '../audits/change.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { AskedAudit, AuditReason, auditChange, completeAudit, ScheduleId } from './audit-change.ts';

export const pauseComplianceAudit = (pack: TaggingPack): Change =>
  defineChange({
    ...auditChange(pack),
    name: 'pause_compliance_audit',
    title: 'Pause or resume a scheduled audit',
    description:
      'Asks for a scheduled audit to stop coming, or to come again from now on. The admin confirms it at approval_url.',
    input: z.strictObject({
      schedule_id: ScheduleId,
      action: z.enum(['pause', 'resume']).default('pause').describe('What'),
      reason: AuditReason,
    }),
    output: AskedAudit,
    complete: completeAudit(pack),
    plan: ({ schedule_id, action }) => planPause(pack.audits, schedule_id, action),
  });
