/** Plays what packs demonstrate of access to accounts: each step is the real one, with the clock set back for it. */
import { randomUUID } from 'node:crypto';
import type { AccessStory } from '../ports/accounts.ts';
import { decideAccess } from './decide.ts';
import { type AccessParts, type Actor, DAY_MS } from './parts.ts';
import { requestAccess } from './request.ts';
import { revokeAccess } from './revoke.ts';

interface Stage {
  /** What the steps are made of at that time. */
  at(time: Date): AccessParts;
  readonly now: () => Date;
  /** @throws for somebody who is no demo person */
  person(personId: string): Actor;
}

const play = async ({ at, now, person }: Stage, story: AccessStory): Promise<void> => {
  const ago = (days: number): AccessParts => {
    const parts = at(new Date(now().getTime() - days * DAY_MS));
    // Nobody is at a page: the records say that the service did it by itself.
    return { ...parts, settings: { ...parts.settings, approveByTool: true } };
  };
  const context = { origin: { kind: 'upkeep', correlationId: randomUUID() } } as const;
  const { by, accounts, reason, days, asked, decided, revoked } = story;
  const { requestId } = await requestAccess(ago(asked), person(by), { accounts, reason, days }, context);
  if (decided === undefined) return;
  await decideAccess(ago(decided.ago), person(decided.by), { ...decided, requestId }, context);
  const [first] = accounts;
  if (revoked === undefined || first === undefined) return;
  const { api, accountId } = first;
  await revokeAccess(ago(revoked.ago), person(revoked.by), { userId: by, api, accountId, note: revoked.note }, context);
};

/** Those of upstreams whose accounts need an approval, unless their person has asked for something already. */
export const demonstrateAccess = async (stage: Stage, stories: readonly AccessStory[]): Promise<void> => {
  const { store, upstreams } = stage.at(stage.now());
  const known = new Set<string>();
  for (const { by } of stories) if ((await store.requestsOf(by, { limit: 1 })).items.length > 0) known.add(by);
  for (const story of stories) {
    const needed = story.accounts.every(({ api }) => (upstreams.get(api)?.approval ?? 'none') !== 'none');
    if (needed && !known.has(story.by)) await play(stage, story);
  }
};
