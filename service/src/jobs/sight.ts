/** Whose jobs a person sees, and may cancel and replay: by the scopes of the pack that owns them. Those of the service itself are admins'. */
import type { PackContract } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';

export interface SeenOwner {
  readonly owner: string;
  /** Its name for people. */
  readonly title: string;
  /** The person holds a scope of the pack with which changes are asked for, or is an admin. */
  readonly mayDecide: boolean;
}

/** @param packs the enabled ones, by name */
export const ownersSeenBy = (
  scopes: ReadonlySet<Scope>,
  packs: readonly (readonly [name: string, contract: PackContract])[],
): readonly SeenOwner[] => {
  const held: ReadonlySet<string> = scopes;
  const admin = held.has('admin');
  const ofPacks = packs.flatMap(([owner, { title, scopes: own }]) => {
    const mine = Object.entries(own).filter(([name]) => admin || held.has(name));
    const mayDecide = admin || mine.some(([, { implies }]) => implies.includes('operations:write'));
    return mine.length > 0 ? [{ owner, title, mayDecide }] : [];
  });
  return admin ? [...ofPacks, { owner: 'core', title: 'The service itself', mayDecide: true }] : ofPacks;
};
