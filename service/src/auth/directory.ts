/** Everybody the service knows: the demo people, or those who signed in lately. For work on timers, because it reads all of them. */
import type { Config } from '../config.ts';
import type { TableEngine } from '../ports/tables.ts';
import type { Person } from './caller.ts';
import { demoPeople, StoredPerson } from './people.ts';

export interface Directory {
  /** As of each one's newest sign-in; read again after half a minute. */
  all(): Promise<readonly Person[]>;
}

interface Parts {
  readonly tables: Pick<TableEngine, 'scan'>;
  readonly config: Pick<Config, 'DEMO_PEOPLE' | 'SSO_ISSUER'>;
  readonly now: () => Date;
}

const FRESH_MS = 30_000;
const PAGE = 500;

const read = async ({ tables, config }: Parts): Promise<Person[]> => {
  const people: Person[] = [];
  let cursor: string | undefined;
  do {
    const page = await tables.scan('people', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const row of page.items) people.push({ ...StoredPerson.parse(row), issuer: config.SSO_ISSUER });
    cursor = page.cursor;
  } while (cursor !== undefined);
  return people;
};

export const openDirectory = (parts: Parts): Directory => {
  let known: { readonly people: readonly Person[]; readonly until: number } | undefined;
  return {
    async all() {
      if (parts.config.DEMO_PEOPLE) return demoPeople;
      const now = parts.now().getTime();
      if (known === undefined || known.until <= now) known = { people: await read(parts), until: now + FRESH_MS };
      return known.people;
    },
  };
};
