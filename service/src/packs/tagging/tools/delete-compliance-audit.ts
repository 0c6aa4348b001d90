import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { planDelete } from '../audits/change.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { AskedAudit, AuditReason, auditChange, completeAudit, ScheduleId } from './audit-change.ts';

export const deleteComplianceAudit = (pack: TaggingPack): Change =>
  defineChange({
    ...auditChange(pack),
    name: 'delete_compliance_audit',
    title: 'Delete a scheduled audit',
    description:
      'Asks for a scheduled audit to be deleted. The admin confirms it at approval_url; it can be rolled back.',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    input: z.strictObject({ schedule_id: ScheduleId, reason: AuditReason }),
    output: AskedAudit,
    complete: completeAudit(pack),
    plan: ({ schedule_id }) => planDelete(pack.audits, schedule_id),
  });
