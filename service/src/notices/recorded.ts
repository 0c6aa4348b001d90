/** What the audit log says of a message: that a receiver took it, or refused it. Of one that is still to be sent it says nothing. */
import { eventFrom } from '../audit/event.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { Composed } from './parts.ts';
import { type Delivery, recipientName } from './work.ts';

/** By person and not by address: records cannot be deleted before their time, and addresses are personal data. */
export const recipientEntry = ({ channel, to }: Pick<Delivery, 'channel' | 'to'>): string =>
  `${channel} ${recipientName(to)}`;

/** Undefined of a summary: it tells of nothing that has a record of its own. */
export const messageRecord = (
  delivery: Delivery,
  { telling, concerns }: Pick<Composed, 'telling' | 'concerns'>,
  jobId: string,
  refused?: string,
): AuditEvent | undefined => {
  if (delivery.cause.of === 'summary') return undefined;
  const { personId, ...about } = concerns ?? { personId: 'system' };
  const { operationId }: Pick<AuditEvent, 'operationId'> = about;
  return eventFrom(
    { kind: 'upkeep', correlationId: jobId },
    {
      userId: personId,
      tool: 'notices',
      action: 'write',
      ...about,
      parameters: { notice: telling.type, ...(operationId !== undefined && { operation_id: operationId }) },
      ...(refused === undefined
        ? { result: 'success', notificationsSent: [recipientEntry(delivery)] }
        : { result: 'failure', errorMessage: `${recipientEntry(delivery)}: ${refused}` }),
    },
  );
};
