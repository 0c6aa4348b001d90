/** Who may be told something, and what of it they may read. */
import type { SharedChannel } from '../../../contracts/notices.ts';
import { impliedScopes, type Scope, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Person } from '../auth/caller.ts';

/** Somebody who would read a message, with what they may see now. */
export interface Reader {
  readonly scopes: ReadonlySet<Scope>;
  /** Absent for those who read a shared channel. */
  readonly person?: Person;
}

export const readerOf = (person: Person, packs: readonly string[]): Reader => ({
  person,
  scopes: scopesOfRoles(person.roles, packs),
});

/** What an operator says that everybody who reads the channel may see. */
export const readersOfChannel = ({ reads }: SharedChannel, packs: readonly string[]): Reader => ({
  scopes: impliedScopes(reads, packs),
});
