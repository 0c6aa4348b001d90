/** What a tool answers whose change now waits for a second person. */
import { z } from 'zod';
import { noAccounts } from '../../../../mcp/tool.ts';
import type { Operation } from '../../../../operations/operation.ts';
import { UntrustedText } from '../../../../untrusted.ts';
import type { AlertPack } from '../../world.ts';

export const AskedAlertChange = z.object({
  operation_id: z.string(),
  status: z.string(),
  approval_url: z.string(),
  expires_at: z.string(),
  summary: z.string(),
  warnings: z.array(z.string()),
  untrusted_text: UntrustedText,
});

export const askedAnswer = (
  { publicUrl }: Pick<AlertPack, 'publicUrl'>,
  { operationId, status, expiresAt, plan }: Operation,
): z.input<typeof AskedAlertChange> => ({
  operation_id: operationId,
  status,
  approval_url: `${publicUrl}/approvals/${operationId}`,
  expires_at: expiresAt,
  summary: plan.summary,
  warnings: plan.warnings,
  untrusted_text: ['summary', 'warnings'],
});

/** Of a change of the service's own documents. */
export const ownChange = {
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  accounts: noAccounts,
} as const;
