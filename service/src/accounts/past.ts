/** What an approval was before: each that was given for the account, with the request that led to it. */
import { type AccessRequest, type ApprovalRow, KeptApproval, type PastApproval } from './rows.ts';

/** Requests that one page looks up. */
const MOST_REQUESTS = 100;

/** Of each row the approval of now, then those before it, the newest first. */
export const pastOf = async (
  rows: readonly ApprovalRow[],
  find: (requestId: string) => Promise<AccessRequest | undefined>,
): Promise<PastApproval[][]> => {
  const kept = rows.map((row) =>
    [row, ...(Array.isArray(row.history) ? row.history : [])].flatMap((one) => KeptApproval.safeParse(one).data ?? []),
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
