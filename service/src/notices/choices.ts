/** What each person wants to be told, and on which channel: chosen on the page, else as their roles suggest. */
import { z } from 'zod';
import { type NoticeTopic, noticeTopics } from '../../../contracts/notices.ts';
import { tools } from '../../../contracts/packs/index.ts';
import type { ToolContract } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';

/** Channels that reach one person. */
export const personalChannels = ['mail', 'slack'] as const;
export type PersonalChannel = (typeof personalChannels)[number];

/** How often the summary comes. */
export const summaryTimes = ['never', 'hour', 'day'] as const;
export type SummaryTimes = (typeof summaryTimes)[number];

const OfTopic = z.array(z.enum(personalChannels)).default([]);
const ofTopics = Object.fromEntries(noticeTopics.map((topic) => [topic, OfTopic])) as Record<
  NoticeTopic,
  typeof OfTopic
>;
export const NoticeChoices = z.object({ ...ofTopics, summaries: z.enum(summaryTimes) });
export type NoticeChoices = z.infer<typeof NoticeChoices>;

const countersigning: ReadonlySet<string> = new Set(
  Object.values<ToolContract>(tools).flatMap(({ approve }) => approve ?? []),
);
const mayCountersign = (scopes: ReadonlySet<Scope>): boolean => [...scopes].some((scope) => countersigning.has(scope));

export type UsualNotices = Config['USUAL_NOTICES'];

/** Everybody learns of what waits for them, and what became of theirs; admins, and as USUAL_NOTICES says others, learn more. */
const usualChoices = (scopes: ReadonlySet<Scope>, usual: UsualNotices): NoticeChoices => ({
  waiting: ['mail'],
  outcomes: ['mail'],
  applied: usual === 'every-change' && scopes.has('admin') ? ['mail'] : [],
  access: ['mail'],
  security: ['mail'],
  packs: ['mail'],
  summary: ['mail'],
  summaries: scopes.has('admin') ? 'day' : usual === 'every-change' && mayCountersign(scopes) ? 'hour' : 'never',
});

export interface ChoicesStore {
  /** @param scopes by which it goes what is usual for them, where they chose nothing */
  of(personId: string, scopes: ReadonlySet<Scope>): Promise<NoticeChoices>;
  keep(personId: string, choices: NoticeChoices): Promise<void>;
}

export const openChoices = (
  tables: Pick<Tables, 'get' | 'put'>,
  usual: UsualNotices,
  now: () => Date,
): ChoicesStore => ({
  async of(personId, scopes) {
    const row = await tables.get('notice-choices', { personId });
    const unchosen = usualChoices(scopes, usual);
    // A topic that is newer than the choice is as usual. What this version cannot read is as if nothing had been chosen.
    return NoticeChoices.safeParse({ ...unchosen, ...Object(row?.choices) }).data ?? unchosen;
  },
  async keep(personId, choices) {
    await tables.put('notice-choices', { personId, choices, updatedAt: now().toISOString() });
  },
});
