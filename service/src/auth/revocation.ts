import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Origin } from '../origin.ts';
import type { Elevations } from './elevations.ts';
import type { Grants } from './grants.ts';

/**
 * Ends a grant: what was raised for its client is taken back, its tokens are refused at once, then it is on record.
 * Idempotent.
 * @param origin the request that ended it
 * @param by the person who ended it on a page; absent when a client did, or a token was stolen
 */
export type Revoke = (grantId: string, origin: Origin, by?: string) => Promise<void>;

interface Parts {
  readonly grants: Pick<Grants, 'find' | 'revoke'>;
  readonly elevations: Pick<Elevations, 'end'>;
  readonly audit: Pick<Audit, 'append'>;
}

export const createRevocation =
  ({ grants, elevations, audit }: Parts): Revoke =>
  async (grantId, origin, by) => {
    const grant = await grants.find(grantId);
    if (!grant) return;
    // First, because a grant that is revoked is not looked at again when this fails and is repeated.
    await elevations.end(grant.personId, grant.clientId);
    const ended = await grants.revoke(grantId);
    if (!ended) return;
    await audit.append(
      eventFrom(origin, {
        userId: ended.personId,
        correlationId: grantId,
        tool: 'token',
        action: 'delete',
        result: 'success',
        clientId: ended.clientId,
        summary: { revoked: 'grant', ...(by !== undefined && { by }) },
      }),
    );
  };
