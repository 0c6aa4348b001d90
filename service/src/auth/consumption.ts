/**
 * Codes and refresh tokens are used once. A refresh token that was just used yields its successor again, always the
 * same one, so that a crowd of parallel refreshes and a lost answer end nothing and nobody gets a second chain.
 */
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';
import { artifactId } from './artifact-at-rest.ts';
import type { Secrets } from './secrets.ts';

type Artifact = Row<'oauth-artifacts'>;

export interface Consumption {
  /**
   * Whether the record is used up: using it then is the sign of a theft (RFC 9700 4.14.2). A refresh token is not while
   * its grace window lasts and its successor is unused; a code is not until it has yielded a token.
   */
  isOver(row: Artifact, id: string): Promise<boolean>;
  /** First writer wins: of several redeemers one goes on, unless the grace window lets more. False for the others. */
  consume(id: string): Promise<boolean>;
}

interface Parts {
  readonly tables: Tables;
  readonly successorOf: Secrets['successorOf'];
  readonly config: Pick<Config, 'REFRESH_GRACE_SECONDS'>;
  readonly now: () => Date;
}

const table = 'oauth-artifacts';

export const createConsumption = (model: string, { tables, successorOf, config, now }: Parts): Consumption => {
  const { REFRESH_GRACE_SECONDS: grace } = config;
  const seconds = () => Math.floor(now().getTime() / 1000);
  const read = (id: string) => tables.get(table, { artifactId: artifactId(model, id) });
  const inGrace = (consumedAt: number) => model === 'RefreshToken' && grace > 0 && seconds() - consumedAt <= grace;

  /** A code whose first redemption is still under way was sent twice at once; the second is refused and ends nothing. */
  const isRedeemed = async (grantId: string | undefined): Promise<boolean> => {
    const grant = grantId === undefined ? undefined : await tables.get('oauth-sessions', { sessionId: grantId });
    return grant?.accessTokenHash !== '';
  };

  const isOver: Consumption['isOver'] = async ({ consumedAt, grantId }, id) => {
    if (consumedAt === undefined) return false;
    if (model === 'AuthorizationCode') return isRedeemed(grantId);
    if (!inGrace(consumedAt)) return true;
    const successor = await read(successorOf(id));
    return successor?.consumedAt !== undefined;
  };

  return {
    isOver,
    async consume(id) {
      const row = await read(id);
      if (!row) return false;
      const unused = { model, consumedAt: undefined };
      if (row.consumedAt === undefined && (await tables.put(table, { ...row, consumedAt: seconds() }, unused)))
        return true;
      if (model !== 'RefreshToken') return false;
      const used = await read(id);
      // The window does not slide: consumedAt stays as the first use set it.
      return used !== undefined && !(await isOver(used, id));
    },
  };
};
