/** Scopes a person raised on the step-up page, for a client that cannot ask for more by itself. */
import { isScope, type Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';

export interface Elevation {
  readonly scopes: readonly Scope[];
  /** Epoch seconds at which it ends. */
  readonly until: number;
}

export interface Elevations {
  /** Raises for ELEVATED_TOKEN_SECONDS from now, in place of what was raised before. */
  raise(personId: string, clientId: string, scopes: readonly Scope[]): Promise<Elevation>;
  find(personId: string, clientId: string): Promise<Elevation | undefined>;
  /** Takes back what was raised, if anything was. */
  end(personId: string, clientId: string): Promise<void>;
  /** Takes back what the person raised for any client. */
  endAll(personId: string): Promise<void>;
}

interface Parts {
  readonly tables: Tables;
  readonly config: Pick<Config, 'ELEVATED_TOKEN_SECONDS'>;
  readonly now: () => Date;
}

const scopesOf = (value: unknown): Scope[] =>
  Array.isArray(value) ? value.filter((name): name is Scope => typeof name === 'string' && isScope(name)) : [];

export const createElevations = ({ tables, config, now }: Parts): Elevations => {
  const find: Elevations['find'] = async (personId, clientId) => {
    const row = await tables.get('elevations', { userId: personId, clientId });
    return row && { scopes: scopesOf(row.scopes), until: row.expirationTime };
  };
  return {
    find,
    async end(personId, clientId) {
      await tables.remove('elevations', { userId: personId, clientId });
    },
    async endAll(personId) {
      for (;;) {
        const { items, cursor } = await tables.query('elevations', { partition: personId });
        await Promise.all(items.map(({ clientId }) => tables.remove('elevations', { userId: personId, clientId })));
        if (cursor === undefined) return;
      }
    },
    async raise(personId, clientId, scopes) {
      const at = now();
      const until = Math.floor(at.getTime() / 1000) + config.ELEVATED_TOKEN_SECONDS;
      await tables.put('elevations', {
        userId: personId,
        clientId,
        // Only what was consented to just now: an older raise must not be prolonged by a new one.
        scopes: [...scopes],
        raisedAt: at.toISOString(),
        expirationTime: until,
      });
      return { scopes, until };
    },
  };
};
