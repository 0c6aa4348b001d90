/** Which notices a transition of an operation gives rise to, and when each is due. Who gets them is found out when they are sent. */
import type { Operation, Status } from '../operations/operation.ts';

/** What an operation is told for. */
export const operationNotices = [
  'waiting',
  'reminder',
  'expiring',
  'approved',
  'applied',
  'denied',
  'expired',
  'failed',
] as const;
export type OperationNotice = (typeof operationNotices)[number];

export interface DueNotice {
  readonly notice: OperationNotice;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

const MINUTE_MS = 60_000;
/** Parts of the time an operation waits: of 72 hours the reminder comes after 24, and the last one 6 before the end. */
const REMINDER_PART = 1 / 3;
const LAST_PART = 1 / 12;
const LEAST_LEFT_MS = 10 * MINUTE_MS;
/** What is approved is usually applied within a minute; then one message tells both. */
const APPROVED_AFTER_MS = MINUTE_MS;

/** What is told while something waits for an answer: at once, a reminder, and once more before the end. */
export const whileItWaits = (
  now: number,
  expiresAt: number,
): { readonly notice: 'waiting' | 'reminder' | 'expiring'; readonly dueAt: number }[] => {
  const whole = expiresAt - now;
  const last = expiresAt - Math.max(whole * LAST_PART, LEAST_LEFT_MS);
  const reminder = now + whole * REMINDER_PART;
  return [
    { notice: 'waiting', dueAt: now },
    ...(reminder < last ? [{ notice: 'reminder', dueAt: reminder } as const] : []),
    ...(last > now ? [{ notice: 'expiring', dueAt: last } as const] : []),
  ];
};

const outcomes: Partial<Readonly<Record<Status, OperationNotice>>> = {
  applied: 'applied',
  'partially-applied': 'applied',
  denied: 'denied',
  expired: 'expired',
  failed: 'failed',
};

/** @param from its status before; undefined for one that was just asked for */
export const noticesOf = (from: Status | undefined, operation: Operation, at: Date): readonly DueNotice[] => {
  const { status, expiresAt, countersign } = operation;
  const now = at.getTime();
  if (status === from) return [];
  if (status === 'awaiting-countersign') return whileItWaits(now, Date.parse(expiresAt));
  if (status === 'approved')
    return countersign === 'none' ? [] : [{ notice: 'approved', dueAt: now + APPROVED_AFTER_MS }];
  const notice = outcomes[status];
  return notice === undefined ? [] : [{ notice, dueAt: now }];
};

const stillTrue: Readonly<Record<OperationNotice, readonly Status[]>> = {
  waiting: ['awaiting-countersign'],
  reminder: ['awaiting-countersign'],
  expiring: ['awaiting-countersign'],
  // Applied meanwhile: that message says that it was approved, too.
  approved: ['approved', 'applying'],
  applied: ['applied', 'partially-applied', 'reverted'],
  denied: ['denied'],
  expired: ['expired'],
  failed: ['failed'],
};

/**
 * Whether something else is to be told by now. Of a plan that was made anew the old notice is void: it has a later version.
 * What ended has later versions too, once it is reverted, and stays true.
 */
export const isSuperseded = (notice: OperationNotice, version: number, now: Operation): boolean =>
  !stillTrue[notice].includes(now.status) || (now.status === 'awaiting-countersign' && now.version !== version);
