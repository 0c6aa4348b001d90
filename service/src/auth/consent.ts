/** What a person is asked to consent to, and what comes of their answer. */
import { type Scope, scopeNames, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Person } from './caller.ts';
import { requestedScopes } from './policy/scopes.ts';

export interface Choice {
  /** Scopes to choose from. */
  readonly offered: readonly Scope[];
  /** Scopes that were asked for and the person's roles do not allow. */
  readonly refused: readonly Scope[];
}

/**
 * @param scope the authorization's scope parameter
 * @param packs names of those that are enabled
 */
export const choiceOf = (person: Pick<Person, 'roles'>, scope: unknown, packs: readonly string[]): Choice => {
  const asked = new Set(requestedScopes(scope, packs));
  const allowed = scopesOfRoles(person.roles, packs);
  const inOrder = scopeNames.filter((name) => asked.has(name));
  return {
    offered: inOrder.filter((name) => allowed.has(name)),
    refused: inOrder.filter((name) => !allowed.has(name)),
  };
};

/** The ticked boxes that were there to tick. @param ticked the form's field: one value, several, or none */
export const chosenOf = ({ offered }: Choice, ticked: unknown): Scope[] => {
  const values: readonly unknown[] = Array.isArray(ticked) ? ticked : [ticked];
  return offered.filter((name) => values.includes(name));
};
