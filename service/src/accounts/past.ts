/** What an approval was before: each that was given for the account, with the request that led to it. */
import { z } from 'zod';
import type { AccessRequest, ApprovalRow } from './rows.ts';

/** What a row keeps of an approval that was there before it. One that another version wrote may have less. */
const Kept = z.object({
  status: z.string(),
  approvedBy: z.string(),
  approvedAt: z.string(),
  expiresAt: z.string().optional(),
  endedBy: z.string().optional(),
  endedAt: z.string().optional(),
  requestId: z.string().optional(),
});

/** An approval of an account, of now or before. */
export interface PastApproval extends z.infer<typeof Kept> {
  /** Absent: an operator wrote it, or who looks does not decide about it. */
  readonly request?: AccessRequest;
}

/** Requests that one page looks up. */
const MOST_REQUESTS = 100;

/** Of each row the approval of now, then those before it, the newest first. */
export const pastOf = async (
  rows: readonly ApprovalRow[],
  find: (requestId: string) => Promise<AccessRequest | undefined>,
): Promise<PastApproval[][]> => {
  const kept = rows.map((row) =>
    [row, ...(Array.isArray(row.history) ? row.history : [])].flatMap((one) => Kept.safeParse(one).data ?? []),
  );
  const ids = [...new Set(kept.flat().flatMap(({ requestId }) => requestId ?? []))].slice(0, MOST_REQUESTS);
  const found = new Map(await Promise.all(ids.map(async (id) => [id, await find(id)] as const)));
  return kept.map((all) =>
    all.map((one) => {
      const request = one.requestId === undefined ? undefined : found.get(one.requestId);
      return { ...one, ...(request && { request }) };
    }),
  );
};
