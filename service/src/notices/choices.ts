/** What each person wants to be told, and on which channel: chosen on the page, else as their roles suggest. */
import { z } from 'zod';
import { type NoticeTopic, noticeTopics } from '../../../contracts/notices.ts';
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

/** Whoever operates the service gets the daily summary; everybody learns of what waits for them, and what became of theirs. */
const usualChoices = (isAdmin: boolean): NoticeChoices => ({
  waiting: ['mail'],
  outcomes: ['mail'],
  applied: [],
  security: ['mail'],
  packs: ['mail'],
  summary: ['mail'],
  summaries: isAdmin ? 'day' : 'never',
});

export interface ChoicesStore {
  /** @param isAdmin what is usual for them, where they chose nothing */
  of(personId: string, isAdmin: boolean): Promise<NoticeChoices>;
  keep(personId: string, choices: NoticeChoices): Promise<void>;
}

export const openChoices = (tables: Pick<Tables, 'get' | 'put'>, now: () => Date): ChoicesStore => ({
  async of(personId, isAdmin) {
    const row = await tables.get('notice-choices', { personId });
    // What another version wrote and this one cannot read is as if nothing had been chosen.
    const chosen = NoticeChoices.safeParse(row?.choices);
    return chosen.success ? chosen.data : usualChoices(isAdmin);
  },
  async keep(personId, choices) {
    await tables.put('notice-choices', { personId, choices, updatedAt: now().toISOString() });
  },
});
