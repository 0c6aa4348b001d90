/** What the tools that change scheduled audits have in common. */
import { z } from 'zod';
import { type Change, noAccounts } from '../../../mcp/tool.ts';
import type { Operation } from '../../../operations/operation.ts';
import { auditSteps } from '../audits/change.ts';
import { AuditTerms } from '../audits/schedule.ts';
import { zonedIso } from '../audits/when.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { requestStatus } from './tag-change.ts';

export const AuditReason = z.string().max(500).optional().describe('Why');
export const ScheduleId = z
  .string()
  .regex(/^audit-sched-[0-9a-f]{12}$/, 'must be a schedule_id')
  .describe('schedule_id');

export const AskedAudit = z.object({
  schedule_id: z.string(),
  status: z.string().describe('pending_confirmation until the admin confirms; then active, paused or deleted'),
  next_run: z.string().nullable().describe('With the offset of its zone'),
  request_id: z.string(),
  approval_url: z.string(),
  summary: z.string(),
});

/** Once it is applied, what the audit is; before that, where the request stands. */
const statusOf = ({ status, plan }: Operation): string => {
  if (status !== 'applied') return requestStatus[status];
  const after = plan.changes[0]?.after.status;
  return typeof after === 'string' ? after : 'deleted';
};

const presentAudit =
  ({ settings, audits }: Pick<TaggingPack, 'settings' | 'audits'>) =>
  (operation: Operation): z.input<typeof AskedAudit> => {
    const { operationId, plan } = operation;
    const [change] = plan.changes;
    // Of one that is made anew all its terms are known. A change of its status alone says when it comes in the list.
    const terms = AuditTerms.safeParse(change?.after).data;
    return {
      schedule_id: change?.resourceId ?? '',
      status: statusOf(operation),
      next_run: terms === undefined ? null : zonedIso(audits.next(terms), terms.timezone),
      request_id: operationId,
      approval_url: `${settings.publicUrl}/approvals/${operationId}`,
      summary: plan.summary,
    };
  };

export const auditChange = (pack: TaggingPack) =>
  ({
    ...auditSteps(pack.audits),
    scopes: ['admin'],
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    accounts: noAccounts,
    present: presentAudit(pack),
  }) satisfies Partial<Change>;

/** Ids of scheduled audits, for completion. */
export const completeAudit =
  ({ audits }: Pick<TaggingPack, 'audits'>) =>
  async (argument: string, typed: string): Promise<readonly string[]> =>
    argument === 'schedule_id'
      ? (await audits.all()).map(({ scheduleId }) => scheduleId).filter((id) => id.startsWith(typed))
      : [];
