/** Codes and refresh tokens are used once; refresh tokens a few times more in the seconds after. */
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../tables.ts';

type Artifact = Row<'oauth-artifacts'>;

export interface Consumption {
  /** Whether the record is used up. Inside its grace window a refresh token is not. */
  isOver(row: Artifact): boolean;
  /** First writer wins: of several redeemers one goes on, unless the grace window lets more. False for the others. */
  consume(artifactId: string): Promise<boolean>;
}

interface Parts {
  readonly tables: Tables;
  readonly config: Pick<Config, 'REFRESH_GRACE_SECONDS'>;
  readonly now: () => Date;
}

const table = 'oauth-artifacts';
// Clients that refresh in parallel, such as several windows of one editor, do so a few times and not more.
const graceUses = 3;

export const createConsumption = (model: string, { tables, config, now }: Parts): Consumption => {
  const seconds = () => Math.floor(now().getTime() / 1000);
  const inGrace = ({ consumedAt, graceUses: used = 0 }: Artifact): boolean =>
    model === 'RefreshToken' &&
    consumedAt !== undefined &&
    seconds() - consumedAt <= config.REFRESH_GRACE_SECONDS &&
    used < graceUses;
  /** Counts one more use. The window does not slide: consumedAt stays. */
  const reuse = async (artifactId: string): Promise<boolean> => {
    for (;;) {
      const row = await tables.get(table, { artifactId });
      if (!row || !inGrace(row)) return false;
      const counted = { ...row, graceUses: (row.graceUses ?? 0) + 1 };
      if (await tables.put(table, counted, { model, graceUses: row.graceUses })) return true;
    }
  };
  return {
    isOver: (row) => row.consumedAt !== undefined && !inGrace(row),
    async consume(artifactId) {
      const row = await tables.get(table, { artifactId });
      if (!row) return false;
      const unused = { model, consumedAt: undefined };
      if (row.consumedAt === undefined && (await tables.put(table, { ...row, consumedAt: seconds() }, unused)))
        return true;
      return reuse(artifactId);
    },
  };
};
