/**
 * Marks what ran out, and has people told of it and of what ends soon. Nothing waits for it: who may act, and what may be decided,
 * goes by the time of asking. Two tasks may run it at once, because each row moves once.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Together } from '../audit/port.ts';
import { allOf } from '../operations/store.ts';
import type { AccessNews } from './outbox.ts';
import { type AccessParts, accountNamed, DAY_MS, stepRecord } from './parts.ts';
import { type ApprovalRow, accountKeyOf, isOverdue } from './rows.ts';

/** Approvals of one turn. What is left is taken by the next turn. */
const MOST_A_TURN = 1000;
/** How long before its end people are told, and of a short approval the part of its time. */
const TOLD_BEFORE_MS = 7 * DAY_MS;
const TOLD_BEFORE_PART = 1 / 3;

type Record = ReturnType<typeof stepRecord>;

const quietly = async (log: Pick<Logger, 'error'>, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (err) {
    log.error({ err }, 'access that ran out was not marked or told of; it is void all the same');
  }
};

/** The mark with its record, and what is told of it. What another row of the same decision had told is not told again. */
const mark = async ({ audit, outbox }: AccessParts, event: Record, together: Together, news: AccessNews) => {
  if ((await audit.appendWith(event, allOf(together, outbox.of(news)))) === undefined)
    await audit.appendWith(event, together);
  outbox.wake();
};

const recorder = () => {
  const origin = { kind: 'upkeep', correlationId: randomUUID() } as const;
  return (tool: 'request_account_access' | 'decide_access_request', userId: string, more: object): Record =>
    stepRecord(tool, { personId: userId }, { action: 'expire', result: 'success', ...more }, { origin });
};

const expireApproval = (parts: AccessParts, row: ApprovalRow, recorded: ReturnType<typeof recorder>) => {
  const event = recorded('decide_access_request', row.userId, {
    ...accountNamed([row]),
    summary: { account: accountKeyOf(row), request_id: row.requestId ?? null, expired_at: row.expiresAt ?? null },
  });
  const end = { status: 'EXPIRED', endedAt: parts.now().toISOString() };
  const news: AccessNews = { news: 'ended', userId: row.userId, expiresAt: row.expiresAt ?? end.endedAt };
  return mark(parts, event, parts.store.ending(row, end), news);
};

const expireRequests = async (
  parts: AccessParts,
  log: Pick<Logger, 'error'>,
  recorded: ReturnType<typeof recorder>,
) => {
  const { store, now } = parts;
  for (const request of await store.pending())
    if (isOverdue(request, now()))
      await quietly(log, async () => {
        const row = await store.requestRow(request.requestId);
        if (row?.status !== 'PENDING') return;
        const event = recorded('request_account_access', row.userId, {
          ...accountNamed(request.accounts),
          summary: { request_id: row.requestId, expired_at: row.expiresAt ?? null },
        });
        const next = { ...row, status: 'EXPIRED' };
        await mark(parts, event, store.replacing(row, next), { news: 'request-expired', requestId: row.requestId });
      });
};

const endsSoon = ({ approvedAt, expiresAt }: ApprovalRow, now: Date): boolean => {
  if (expiresAt === undefined) return false;
  const end = Date.parse(expiresAt);
  const before = Math.min(TOLD_BEFORE_MS, (end - Date.parse(approvedAt)) * TOLD_BEFORE_PART);
  return now.getTime() >= end - before;
};

export const expireAccess = async (parts: AccessParts, log: Pick<Logger, 'error'>): Promise<void> => {
  const { store, outbox, now } = parts;
  const recorded = recorder();
  for (const row of await store.overdueApprovals(MOST_A_TURN))
    await quietly(log, () => expireApproval(parts, row, recorded));
  await expireRequests(parts, log, recorded);
  const soon = await store.endingApprovals(new Date(now().getTime() + TOLD_BEFORE_MS), MOST_A_TURN);
  for (const { userId, expiresAt } of soon.filter((row) => endsSoon(row, now())))
    if (expiresAt !== undefined) await quietly(log, () => outbox.tell({ news: 'ending', userId, expiresAt }));
};
