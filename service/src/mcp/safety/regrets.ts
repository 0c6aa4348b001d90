/**
 * What a person may regret of a call, told before it runs. What people of an organization corrected three times comes first there from
 * then on: corrections are counted in a table, by the organization, which is the domain of a person's address.
 */
import type { Row } from '../../../../contracts/tables.ts';
import type { Caller } from '../../auth/caller.ts';
import type { Tables } from '../../ports/tables.ts';

export const regretKinds = [
  'wrong_region',
  'missing_resources',
  'stale_data',
  'too_expensive',
  'too_much',
  'assumed',
  'own',
] as const;
export type RegretKind = (typeof regretKinds)[number];

export interface Regret {
  readonly kind: RegretKind;
  /** A sentence for the person. */
  readonly text: string;
}

/** Corrections from which a kind is told before the others. */
export const CORRECTIONS_THAT_COUNT = 3;

const MOST_TRIES = 20;

export interface Regrets {
  /** The list of an organization, the gravest for it first. */
  ordered(caller: Caller, regrets: readonly Regret[]): Promise<readonly Regret[]>;
  /** Somebody said that this kind of regret was right. */
  corrected(caller: Caller, kind: RegretKind): Promise<void>;
}

/** The organization of a person: the domain of their address, else their issuer. */
export const organizationOf = ({ email, issuer }: Pick<Caller, 'email' | 'issuer'>): string =>
  email.split('@')[1]?.trim().toLowerCase() || (issuer ?? 'unknown');

export const createRegrets = (tables: Pick<Tables, 'query' | 'get' | 'insert' | 'put'>, now: () => Date): Regrets => {
  const countsOf = async (organization: string): Promise<ReadonlyMap<string, number>> => {
    const { items } = await tables.query('regret-corrections', { partition: organization, limit: regretKinds.length });
    return new Map(items.map(({ kind, corrections }) => [kind, corrections]));
  };
  return {
    ordered: async (caller, regrets) => {
      if (regrets.length < 2) return regrets;
      const counts = await countsOf(organizationOf(caller));
      const weight = ({ kind }: Regret): number => {
        const corrections = counts.get(kind) ?? 0;
        return corrections >= CORRECTIONS_THAT_COUNT ? corrections : 0;
      };
      return regrets.toSorted((a, b) => weight(b) - weight(a));
    },
    corrected: async (caller, kind) => {
      const organization = organizationOf(caller);
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const known = await tables.get('regret-corrections', { organization, kind });
        const row: Row<'regret-corrections'> = {
          organization,
          kind,
          corrections: (known?.corrections ?? 0) + 1,
          updatedAt: now().toISOString(),
        };
        const written =
          known === undefined
            ? await tables.insert('regret-corrections', row)
            : await tables.put('regret-corrections', row, { corrections: known.corrections });
        if (written) return;
      }
      throw new Error('a correction could not be counted: too many at once');
    },
  };
};
