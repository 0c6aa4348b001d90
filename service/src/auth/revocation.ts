import type { Audit } from '../audit/port.ts';
import type { Grants } from './grants.ts';

/**
 * Ends a grant: its tokens are refused at once, then it is on record. Idempotent.
 * @param by the person who ended it on a page; absent when a client did, or a token was stolen
 */
export type Revoke = (grantId: string, by?: string) => Promise<void>;

export const createRevocation =
  ({ grants, audit }: { grants: Pick<Grants, 'revoke'>; audit: Pick<Audit, 'append'> }): Revoke =>
  async (grantId, by) => {
    const ended = await grants.revoke(grantId);
    if (!ended) return;
    await audit.append({
      userId: ended.personId,
      correlationId: grantId,
      tool: 'token',
      action: 'delete',
      result: 'success',
      clientId: ended.clientId,
      summary: { revoked: 'grant', ...(by !== undefined && { by }) },
    });
  };
