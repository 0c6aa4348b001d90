/**
 * Marks what ran out. Nothing waits for it: who may act, and what may be decided, goes by the time of asking. Two tasks may
 * run it at once, because each row moves once.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type AccessParts, accountNamed, stepRecord } from './parts.ts';
import { accountKeyOf, isOverdue } from './rows.ts';

/** Approvals of one turn. What is left is taken by the next turn. */
const MOST_A_TURN = 1000;

const quietly = async (log: Pick<Logger, 'error'>, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (err) {
    log.error({ err }, 'access that ran out was not marked; it is void all the same');
  }
};

export const expireAccess = async (parts: AccessParts, log: Pick<Logger, 'error'>): Promise<void> => {
  const { store, audit, now } = parts;
  const origin = { kind: 'upkeep', correlationId: randomUUID() } as const;
  const recorded = (tool: 'request_account_access' | 'decide_access_request', userId: string, more: object) =>
    stepRecord(tool, { personId: userId }, { action: 'expire', result: 'success', ...more }, { origin });
  for (const row of await store.overdueApprovals(MOST_A_TURN))
    await quietly(log, () => {
      const account = accountKeyOf(row);
      const event = recorded('decide_access_request', row.userId, {
        ...accountNamed([row]),
        summary: { account, request_id: row.requestId ?? null, expired_at: row.expiresAt ?? null },
      });
      return audit.appendWith(event, store.ending(row, { status: 'EXPIRED', endedAt: now().toISOString() }));
    });
  for (const request of await store.pending())
    if (isOverdue(request, now()))
      await quietly(log, async () => {
        const row = await store.requestRow(request.requestId);
        if (row?.status !== 'PENDING') return;
        const event = recorded('request_account_access', row.userId, {
          ...accountNamed(request.accounts),
          summary: { request_id: row.requestId, expired_at: row.expiresAt ?? null },
        });
        await audit.appendWith(event, store.replacing(row, { ...row, status: 'EXPIRED' }));
      });
};
