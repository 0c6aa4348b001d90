import { scopesOfRoles } from '../../../contracts/scopes.ts';
import { demoPeople } from '../auth/people.ts';
import type { Config } from '../config.ts';
import type { PackServices } from '../packs/pack.ts';

/** Who holds a scope: known of demo people only, because others' roles are with their identity provider. */
export const holdersOf =
  ({ DEMO_PEOPLE: demo, TOOL_PACKS: packs }: Pick<Config, 'DEMO_PEOPLE' | 'TOOL_PACKS'>): PackServices['holders'] =>
  (scope) =>
    demo ? demoPeople.filter(({ roles }) => scopesOfRoles(roles, packs).has(scope)).map(({ email }) => email) : [];
